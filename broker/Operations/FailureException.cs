namespace Sidecar.Broker.Operations;

/// <summary>An operation ends in a failure that is ready to be told.</summary>
internal sealed class FailureException(Failure failure, Exception? inner = null) : Exception(failure.Message, inner)
{
    public Failure Failure => failure;
}

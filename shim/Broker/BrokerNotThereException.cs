namespace Sidecar.Shim.Broker;

/// <summary>No connection to the broker could be opened: proof that the call did not arrive.</summary>
internal sealed class BrokerNotThereException(Exception cause) : IOException("The broker does not answer.", cause)
{
    /// <summary>Whether that is what lies behind a failure.</summary>
    public static bool IsBehind(Exception? failure)
    {
        for (; failure is not null; failure = failure.InnerException)
            if (failure is BrokerNotThereException)
                return true;

        return false;
    }
}

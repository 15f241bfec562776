using Google.Protobuf;

namespace Sidecar.Broker.Operations;

/// <summary>An operation that is more than one call to ServiceDesk Plus, or none.</summary>
internal interface IOperation
{
    /// <summary>Its rpc; the class is named after it.</summary>
    string Rpc { get; }

    /// <summary>Performs it on a request that was checked and has its defaults and long ids.</summary>
    Task<IMessage> InvokeAsync(IMessage request, CancellationToken cancellationToken);
}

using Google.Protobuf;
using Sidecar.Broker.Credentials;
using Sidecar.Broker.Policy;
using Sidecar.Contract;

namespace Sidecar.Broker.Operations.Broker;

/// <summary>Lists the tools that policy allows and that the instance can do.</summary>
internal sealed class Describe(PolicyGate policy, EditionGate edition, CredentialStore credentials) : IOperation
{
    public string Rpc => nameof(BrokerService.BrokerServiceBase.Describe);

    public Task<IMessage> InvokeAsync(IMessage request, CancellationToken cancellationToken) => Task.FromResult<IMessage>(new Description
    {
        Tools = { Catalog.Current.Tools.Where(policy.Allows).Where(edition.Allows).Select(operation => operation.Tool!.Name) },
        TechnicianEmail = credentials.Current?.TechnicianEmail ?? "",
    });
}

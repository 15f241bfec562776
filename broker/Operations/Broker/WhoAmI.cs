using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Options;
using Sidecar.Broker.Credentials;
using Sidecar.Broker.Health;
using Sidecar.Broker.Policy;
using Sidecar.Broker.Sdp;
using Sidecar.Broker.Tokens;
using Sidecar.Contract;

namespace Sidecar.Broker.Operations.Broker;

/// <summary>Tells whom the broker acts for and how that stands; it calls nobody.</summary>
internal sealed class WhoAmI(CredentialStore credentials, TokenBroker tokens, Readiness readiness, Dialect dialect, IOptions<PolicyOptions> policy) : IOperation
{
    public string Rpc => nameof(BrokerService.BrokerServiceBase.WhoAmI);

    public Task<IMessage> InvokeAsync(IMessage request, CancellationToken cancellationToken)
    {
        var token = tokens.Status;
        var problem = readiness.Problem;
        var identity = new Identity
        {
            Ready = problem is null,
            Problem = problem ?? credentials.Problem ?? "",
            TokenState = token.State,
            TokenExpiresTime = token.Expires is { } expires ? Timestamp.FromDateTimeOffset(expires) : null,
            ReadOnly = policy.Value.ReadOnly,
            Dialect = { dialect.Spoken },
        };
        if (credentials.Current is { } credential)
        {
            identity.TechnicianEmail = credential.TechnicianEmail;
            identity.InstanceUrl = credential.BaseUrl.GetLeftPart(UriPartial.Authority);
            identity.Portal = credential.Portal ?? "";
            identity.DataCentre = DataCentre.Of(credential.AccountsUrl);
            identity.CredentialKind = Credential.Kind;
            identity.CredentialVersion = credential.Version;
        }

        return Task.FromResult<IMessage>(identity);
    }
}

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
internal sealed class WhoAmI(
    CredentialStore credentials, TokenBroker tokens, Readiness readiness, Dialect dialect, Pace pace, IOptions<PolicyOptions> policy) : IOperation
{
    public string Rpc => nameof(BrokerService.BrokerServiceBase.WhoAmI);

    public Task<IMessage> InvokeAsync(IMessage request, CancellationToken cancellationToken)
    {
        var (token, status) = (tokens.Status, credentials.Status);
        var problem = readiness.Problem;
        var identity = new Identity
        {
            Ready = problem is null,
            Problem = problem ?? credentials.Problem ?? token.Problem ?? "",
            TokenState = token.State,
            TokenExpiresTime = token.Expires is { } expires ? Timestamp.FromDateTimeOffset(expires) : null,
            ReadOnly = policy.Value.ReadOnly,
            CredentialState = status.State,
            CredentialReadTime = status.ReadTime is { } read ? Timestamp.FromDateTimeOffset(read) : null,
            Dialect = { dialect.Spoken },
        };
        if (status.Credential is { } credential)
        {
            identity.TechnicianEmail = credential.TechnicianEmail;
            identity.InstanceUrl = credential.BaseUrl.GetLeftPart(UriPartial.Authority);
            identity.Portal = credential.Portal ?? "";
            identity.DataCentre = credential is CloudCredential cloud ? DataCentre.NameOf(cloud.AccountsUrl) : "";
            identity.CredentialKind = credential.Kind;
            identity.CredentialVersion = credential.Version;
            identity.Limits.Add(pace.Learned(credential.ApiUrl).Select(learned => new CallLimit
            {
                Call = learned.Call,
                CallsPerMinute = learned.PerMinute ?? 0,
                LockedUntilTime = learned.LockedUntil is { } end ? Timestamp.FromDateTimeOffset(end) : null,
            }));
        }

        return Task.FromResult<IMessage>(identity);
    }
}

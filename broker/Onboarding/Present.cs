using Sidecar.Broker.Credentials;
using Sidecar.Broker.Onboarding.Vault;

namespace Sidecar.Broker.Onboarding;

/// <summary>What a user has, which a rotation keeps unless it is told otherwise.</summary>
/// <param name="Credential">The credential in the vault.</param>
/// <param name="Tags">Its tags.</param>
internal sealed record Present(Credential Credential, UserTags Tags)
{
    /// <summary>Data centre of its accounts server; null for one that is not known.</summary>
    public DataCentre? DataCentre => Credential is CloudCredential cloud ? DataCentre.All.FirstOrDefault(centre => centre.AccountsUrl == cloud.AccountsUrl) : null;
}

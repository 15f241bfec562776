using Sidecar.Broker.Credentials;
using Sidecar.Broker.Onboarding.Terminals;
using Sidecar.Broker.Onboarding.Vault;

namespace Sidecar.Broker.Onboarding;

/// <summary>What a user has, which a rerun and a rotation keep unless they are told otherwise.</summary>
/// <param name="Credential">The credential in the vault.</param>
/// <param name="Tags">Its tags.</param>
internal sealed record Present(Credential Credential, UserTags Tags)
{
    /// <summary>Data centre of its accounts server; null for one that is not known.</summary>
    public DataCentre? DataCentre => Credential is CloudCredential cloud ? DataCentre.All.FirstOrDefault(centre => centre.AccountsUrl == cloud.AccountsUrl) : null;

    /// <summary>Null where there is no credential that could be read.</summary>
    public static Present? Of(StoredUser there) =>
        there.State == StoredState.Live && CredentialJson.TryParse(there.Json!, there.Version, out var credential, out _) ? new Present(credential, there.Tags) : null;

    /// <summary>Looks what the vault has under a user's name, and says it.</summary>
    public static Task<StoredUser> LookAsync(UserVault vault, UserName user, Terminal terminal, CancellationToken cancellationToken) => terminal.StepAsync(
        "Looking into the vault", () => vault.FindAsync(user.SecretName, cancellationToken), there => $"{vault.Uri.Host} has {there.State switch
        {
            StoredState.Missing => $"no secret {user.SecretName} yet",
            StoredState.Disabled => $"{user.SecretName}, switched off",
            StoredState.Deleted => $"{user.SecretName}, deleted and recoverable",
            _ => user.SecretName,
        }}");
}

using Azure.Security.KeyVault.Secrets;
using Sidecar.Broker.Credentials;
using Sidecar.Broker.Onboarding.Terminals;
using Sidecar.Broker.Onboarding.Vault;

namespace Sidecar.Broker.Onboarding;

/// <summary>
/// Ends the credential that a new one has replaced: its grant is revoked and its version switched off. The new version's tag
/// says that this is still to be done, so that a rerun can do it.
/// </summary>
internal sealed class Retirement(UserVault vault, Surroundings surroundings, Terminal terminal, Deeds deeds)
{
    /// <param name="user">Whose it is.</param>
    /// <param name="cancellationToken">Ends it before the next call.</param>
    /// <exception cref="CommandFailure">It may still be good.</exception>
    public async Task FinishAsync(UserName user, CancellationToken cancellationToken)
    {
        var current = await vault.FindAsync(user.SecretName, cancellationToken);
        if (current.State != StoredState.Live || current.Tags.Replaces.Length == 0) return;

        // One that never came to be used leaves the one before it to be ended as well.
        HashSet<string> ended = [current.Version];
        for (var old = current.Tags.Replaces; old.Length > 0 && ended.Add(old);) old = await EndAsync(user, current, old, cancellationToken);
        await vault.TagAsync(current, current.Tags with { Replaces = "" }, cancellationToken);
    }

    // The version that this one was to replace in turn; empty: none.
    private async Task<string> EndAsync(UserName user, StoredUser current, string old, CancellationToken cancellationToken)
    {
        var isKnown = false;
        if (await vault.ReadVersionAsync(user.SecretName, old, cancellationToken) is { } json && CredentialJson.TryParse(json, old, out var credential, out _))
        {
            await RevokeAsync(credential, current, cancellationToken);
            isKnown = true;
        }

        if (await VersionAsync(user.SecretName, old, cancellationToken) is not { } version) return "";
        if (isKnown)
        {
            await vault.EnableAsync(version, enabled: false, cancellationToken);
            deeds.Add($"Version {old} of {user.SecretName} was switched off.");
        }

        return UserTags.Read(version.Tags).Replaces;
    }

    private async Task RevokeAsync(Credential credential, StoredUser current, CancellationToken cancellationToken)
    {
        if (credential is not CloudCredential cloud)
        {
            terminal.Warn("The key before is still good: the API cannot end it. Delete it in ServiceDesk Plus, under the technician's API key.");
            return;
        }

        // Two versions of one grant: revoking it would end the new one too.
        if (CredentialJson.TryParse(current.Json!, current.Version, out var now, out _) && now is CloudCredential same && same.RefreshToken == cloud.RefreshToken) return;
        using var grants = surroundings.Grants();
        var known = await terminal.StepAsync(
            "Revoking the grant before", () => grants.RevokeAsync(cloud.AccountsUrl, cloud.RefreshToken, cancellationToken),
            known => known ? "Revoked the grant before" : "The grant before was revoked already");
        if (known) deeds.Add("The grant before was revoked at Zoho.");
    }

    private async Task<SecretProperties?> VersionAsync(string name, string version, CancellationToken cancellationToken)
    {
        await foreach (var one in vault.VersionsAsync(name, cancellationToken))
            if (one.Version == version) return one;
        return null;
    }
}

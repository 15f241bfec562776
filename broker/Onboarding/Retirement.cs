using Azure.Security.KeyVault.Secrets;
using Sidecar.Broker.Credentials;
using Sidecar.Broker.Onboarding.Terminals;
using Sidecar.Broker.Onboarding.Vault;

namespace Sidecar.Broker.Onboarding;

/// <summary>
/// Ends what versions of a user's secret hold: the grant of each is revoked at Zoho, the version switched off and marked as
/// ended. The marks are the memory: whatever was interrupted, the next run goes through all that has none.
/// </summary>
/// <param name="vault">The vault.</param>
/// <param name="surroundings">The way to Zoho.</param>
/// <param name="terminal">Where it is told; null: nowhere.</param>
/// <param name="deeds">Takes note of what was ended.</param>
internal sealed class Retirement(UserVault vault, Surroundings surroundings, Terminal? terminal, Deeds deeds)
{
    /// <summary>Ends every version but the latest.</summary>
    /// <exception cref="CommandFailure">One may still be good; or there is no latest one any more.</exception>
    public async Task EndPredecessorsAsync(UserName user, CancellationToken cancellationToken)
    {
        var current = await vault.FindAsync(user.SecretName, cancellationToken);
        if (current.State != StoredState.Live)
            throw new CommandFailure($"{user.SecretName} is not there any more, or switched off: somebody took {user} out meanwhile.", $"See with broker list what is there, and who did that; broker offboard {user} ends all that is left.");
        if (await EndAsync(user, current, cancellationToken) is { } left) throw left;
        if (current.Tags.Replaces.Length > 0) await vault.TagAsync(current, current.Tags with { Replaces = "" }, cancellationToken);
    }

    /// <summary>Ends every version, or every one but the one to be kept; one that cannot be ended does not keep the others.</summary>
    /// <returns>Why something may still be good; null if nothing is.</returns>
    public async Task<CommandFailure?> EndAsync(UserName user, StoredUser? kept, CancellationToken cancellationToken)
    {
        CommandFailure? left = null;
        var keptToken = kept?.Json is { } json && CredentialJson.TryParse(json, kept.Version, out var credential, out _) ? (credential as CloudCredential)?.RefreshToken : null;
        foreach (var version in await UnendedAsync(user, kept, cancellationToken))
        {
            try
            {
                // A mark would hide it from every later run: what was not understood may still hold a grant.
                if (await ReadAsync(user, version, cancellationToken) is { } held)
                {
                    await EndAsync(held, keptToken, cancellationToken);
                    UserTags.MarkEnded(version.Tags);
                }
                else if (kept is null)
                {
                    // Nothing takes its place, and who deletes it deletes the only trace of a grant.
                    left = new CommandFailure(
                        $"Version {version.Version} of {user.SecretName} holds no credential that is understood, so a grant in it may still be good. It was switched off and kept.",
                        "See what it holds, revoke its grant at Zoho (the user finds it under Connected Apps), then delete the secret with az keyvault secret delete.");
                }
                else
                {
                    terminal?.Warn("One version holds no credential that can be read, so no grant in it was revoked.");
                }
            }
            catch (CommandFailure failure)
            {
                left = failure;
            }

            await vault.EnableAsync(version, enabled: false, cancellationToken);
            deeds.Add($"Version {version.Version} of {user.SecretName} was switched off.");
        }

        return left;
    }

    private async Task<List<SecretProperties>> UnendedAsync(UserName user, StoredUser? kept, CancellationToken cancellationToken)
    {
        List<SecretProperties> unended = [];
        await foreach (var version in vault.VersionsAsync(user.SecretName, cancellationToken))
            if (version.Version != kept?.Version && !UserTags.IsEnded(version.Tags)) unended.Add(version);
        return unended;
    }

    // What is switched off is switched on for the reading of it; a broker that reads it in that moment gets a grant that is
    // revoked the moment after. Null: it holds no credential that is understood.
    private async Task<Credential?> ReadAsync(UserName user, SecretProperties version, CancellationToken cancellationToken)
    {
        if (version.Enabled != true) await vault.EnableAsync(version, enabled: true, cancellationToken);
        var json = await vault.ReadVersionAsync(user.SecretName, version.Version, CancellationToken.None)
            ?? throw new CommandFailure(
                $"Version {version.Version} of {user.SecretName} cannot be read, so a grant in it may still be good.", "Run the command again in a minute: a vault may take a moment to switch a version on.");
        return CredentialJson.TryParse(json, version.Version, out var credential, out _) ? credential : null;
    }

    private async Task EndAsync(Credential credential, Secret? kept, CancellationToken cancellationToken)
    {
        switch (credential)
        {
            case not CloudCredential:
                terminal?.Warn("The technician key is still good: the API cannot end it. Delete it in ServiceDesk Plus, under the technician's API key.");
                return;
            // Two versions of one grant: revoking it would end the one that is kept.
            case CloudCredential same when same.RefreshToken == kept:
                return;
            case CloudCredential cloud:
                using (var grants = surroundings.Grants())
                {
                    var known = terminal is null
                        ? await grants.RevokeAsync(cloud.AccountsUrl, cloud.RefreshToken, cancellationToken)
                        : await terminal.StepAsync(
                            "Revoking a grant", () => grants.RevokeAsync(cloud.AccountsUrl, cloud.RefreshToken, cancellationToken),
                            known => known ? $"Revoked a grant at {cloud.AccountsUrl.Host}" : $"{cloud.AccountsUrl.Host} does not know the grant any more");
                    if (known) deeds.Add("A grant was revoked at Zoho.");
                }

                return;
        }
    }
}

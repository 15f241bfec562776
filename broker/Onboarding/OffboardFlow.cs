using Azure.Security.KeyVault.Secrets;
using Sidecar.Broker.Credentials;
using Sidecar.Broker.Onboarding.Azure;
using Sidecar.Broker.Onboarding.Overlays;
using Sidecar.Broker.Onboarding.Terminals;
using Sidecar.Broker.Onboarding.Vault;

namespace Sidecar.Broker.Onboarding;

/// <summary>What <c>broker offboard</c> was asked for.</summary>
internal sealed record OffboardWish(UserName User, Uri Vault, DirectoryInfo Overlays, bool Purge, bool Yes, bool DryRun);

/// <summary>
/// Ends everything that could act for a user. The grant goes first, because only the secret tells it; where Zoho cannot be
/// reached the secret is switched off all the same, and kept for the rerun.
/// </summary>
internal sealed class OffboardFlow(OffboardWish wish, Surroundings surroundings, Terminal terminal, Deeds deeds)
{
    private readonly UserVault _vault = surroundings.Vault(wish.Vault);

    private string Name => wish.User.SecretName;

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        terminal.Say($"Offboarding {wish.User}");
        var there = await terminal.StepAsync("Looking into the vault", () => _vault.FindAsync(Name, cancellationToken), found => $"{wish.Vault.Host}: {Name} {Words(found.State)}");
        if (wish.DryRun) return DryRun(there);
        if (there.State is StoredState.Live or StoredState.Disabled && !wish.Yes
            && !await terminal.ConfirmAsync($"End everything that acts for {wish.User}?", cancellationToken))
            throw new CommandFailure("Nobody said yes.", "Run the command again with --yes.");

        var left = there.State is StoredState.Live or StoredState.Disabled ? await EndAsync(there, cancellationToken) : null;
        var overlay = new UserOverlay(wish.Overlays, wish.User);
        if (await terminal.StepAsync("Removing the overlay", () => Task.FromResult(overlay.Remove()), removed => removed ? $"Removed {overlay.Folder}" : $"There is no {overlay.Folder}"))
            deeds.Add($"{overlay.Folder} was removed.");
        if (left is null && wish.Purge) await PurgeAsync(cancellationToken);
        terminal.Head("To be removed in the cluster and in Azure, if they were made");
        terminal.Copy($"{AzureCommands.RemovePod(wish.User)}{AzureCommands.Remove(wish.User, wish.Vault)}");
        if (left is not null) throw left;
        terminal.Good($"Nothing in Zoho or {wish.Vault.Host} acts for {wish.User} any more");
        return 0;
    }

    // Null: all of it has ended.
    private async Task<CommandFailure?> EndAsync(StoredUser there, CancellationToken cancellationToken)
    {
        CommandFailure? left = null;
        foreach (var (version, credential) in await CredentialsAsync(there, cancellationToken))
        {
            try
            {
                await RevokeAsync(credential, cancellationToken);
            }
            catch (CommandFailure failure)
            {
                left = failure;
            }
        }

        await foreach (var version in _vault.VersionsAsync(Name, cancellationToken))
        {
            if (version.Enabled != true) continue;
            await terminal.StepAsync($"Switching version {version.Version} off", () => _vault.EnableAsync(version, enabled: false, cancellationToken), $"Switched version {version.Version} off");
            deeds.Add($"Version {version.Version} of {Name} was switched off.");
        }

        // Without its secret nobody could revoke the grant any more.
        if (left is not null) return left;
        await terminal.StepAsync("Deleting the secret", () => _vault.DeleteAsync(Name, cancellationToken), $"Deleted {Name}; the vault keeps it recoverable for a while");
        deeds.Add($"{Name} was deleted.");
        return null;
    }

    // Every grant that a version still holds: a rotation may have been interrupted. What is switched off is switched on for
    // the reading of it; a broker that reads it in that moment gets a grant that is revoked the moment after.
    private async Task<List<(string Version, CloudCredential Credential)>> CredentialsAsync(StoredUser there, CancellationToken cancellationToken)
    {
        List<(string, CloudCredential)> found = [];
        var wasOnPrem = false;
        await foreach (var version in _vault.VersionsAsync(Name, cancellationToken))
        {
            var isWanted = version.Enabled == true || version.Version == there.Version;
            if (!isWanted) continue;
            var json = await ReadAsync(version, cancellationToken);
            if (json is null || !CredentialJson.TryParse(json, version.Version, out var credential, out _)) continue;
            if (credential is CloudCredential cloud && found.TrueForAll(known => ((CloudCredential)known.Item2).RefreshToken != cloud.RefreshToken)) found.Add((version.Version, cloud));
            wasOnPrem |= credential is OnPremCredential;
        }

        if (wasOnPrem) terminal.Warn("The technician key is still good: the API cannot end it. Delete it in ServiceDesk Plus, or the technician.");
        else if (found.Count == 0) terminal.Warn($"{Name} holds no credential that can be read, so there is no grant that could be revoked.");
        return found;
    }

    private async Task<string?> ReadAsync(SecretProperties version, CancellationToken cancellationToken)
    {
        if (version.Enabled == true) return await _vault.ReadVersionAsync(Name, version.Version, cancellationToken);
        await _vault.EnableAsync(version, enabled: true, CancellationToken.None);
        try
        {
            return await _vault.ReadVersionAsync(Name, version.Version, CancellationToken.None);
        }
        finally
        {
            await _vault.EnableAsync(version, enabled: false, CancellationToken.None);
        }
    }

    private async Task RevokeAsync(CloudCredential credential, CancellationToken cancellationToken)
    {
        using var grants = surroundings.Grants();
        var known = await terminal.StepAsync(
            "Revoking the grant", () => grants.RevokeAsync(credential.AccountsUrl, credential.RefreshToken, cancellationToken),
            known => known ? $"Revoked the grant at {credential.AccountsUrl.Host}" : $"{credential.AccountsUrl.Host} does not know the grant any more");
        if (known) deeds.Add("The grant was revoked at Zoho.");
    }

    private async Task PurgeAsync(CancellationToken cancellationToken)
    {
        if ((await _vault.FindAsync(Name, cancellationToken)).State != StoredState.Deleted) return;
        await terminal.StepAsync("Purging the secret", () => _vault.PurgeAsync(Name, cancellationToken), $"{Name} is gone for good");
        deeds.Add($"{Name} was purged.");
    }

    private int DryRun(StoredUser there)
    {
        if (there.State is StoredState.Live or StoredState.Disabled)
            terminal.Say($"Would revoke the grant at Zoho, switch {Name} off and delete it.");
        terminal.Say($"Would remove {new UserOverlay(wish.Overlays, wish.User).Folder}, if it is there.");
        terminal.Say("Nothing was changed.");
        return 0;
    }

    private static string Words(StoredState state) => state switch
    {
        StoredState.Live => "is there",
        StoredState.Disabled => "is switched off",
        StoredState.Deleted => "is deleted already",
        _ => "is not there",
    };
}

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
        if (!wish.Yes && !await terminal.ConfirmAsync($"End everything that acts for {wish.User}?", cancellationToken))
            throw new CommandFailure("Nobody said yes.", "Run the command again with --yes.");

        var left = await EndAsync(there, cancellationToken);
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
        // Its grant was ended before it was deleted.
        if (there.State == StoredState.Deleted && UserTags.IsEnded(there.Properties!.Tags)) return null;
        if (there.State == StoredState.Missing)
        {
            return new CommandFailure(
                $"{wish.Vault.Host} has no secret {Name}, so nothing is known of a grant of {wish.User}.", "Check USER and --vault. If it was purged, a grant may live on: the user sees it under Connected Apps of their Zoho account.");
        }

        if (there.State == StoredState.Deleted)
        {
            await terminal.StepAsync("Recovering the secret", () => _vault.RecoverAsync(Name, cancellationToken), "Recovered the secret: it alone tells which grant to revoke");
            deeds.Add($"{Name} was recovered.");
        }

        // Without its secret nobody could revoke the grant any more.
        if (await new Retirement(_vault, surroundings, terminal, deeds).EndAsync(wish.User, kept: null, cancellationToken) is { } left) return left;
        await terminal.StepAsync("Deleting the secret", () => _vault.DeleteAsync(Name, cancellationToken), $"Deleted {Name}; the vault keeps it recoverable for a while");
        deeds.Add($"{Name} was deleted.");
        return null;
    }

    private async Task PurgeAsync(CancellationToken cancellationToken)
    {
        if ((await _vault.FindAsync(Name, cancellationToken)).State != StoredState.Deleted) return;
        await terminal.StepAsync("Purging the secret", () => _vault.PurgeAsync(Name, cancellationToken), $"{Name} is gone for good");
        deeds.Add($"{Name} was purged.");
    }

    private int DryRun(StoredUser there)
    {
        if (there.State != StoredState.Missing)
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

using Sidecar.Broker.Credentials;
using Sidecar.Broker.Onboarding.Overlays;
using Sidecar.Broker.Onboarding.Vault;
using Sidecar.Broker.Onboarding.Verify;

namespace Sidecar.Broker.Onboarding.Bulk;

/// <summary>
/// Brings one user into place: looks, examines, stores, writes the overlay. What is in place already is what the vault says,
/// so a run that was cut off at any point is completed by the next one.
/// </summary>
internal sealed class RowWork(UserVault vault, Surroundings surroundings, BulkWish wish, Deeds deeds, TimeProvider clock)
{
    /// <returns>What became of it; never a failure of its own.</returns>
    /// <exception cref="OperationCanceledException">The run ends; nothing of the row was written, or a rerun completes it.</exception>
    public async Task<RowResult> DoAsync(BulkRow row, CancellationToken cancellationToken)
    {
        if (!row.IsGood) return new RowResult(row, RowOutcome.Failed, row.Problem);
        try
        {
            var overlay = new UserOverlay(wish.Overlays, row.User);
            return Problem(overlay) is { } problem ? new RowResult(row, RowOutcome.Failed, problem) : await DoAsync(row, row.User, row.Credential, overlay, cancellationToken);
        }
        catch (CommandFailure failure)
        {
            return new RowResult(row, RowOutcome.Failed, $"{failure.Message} {failure.Next}") { IsShared = true };
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // Its message could quote anything.
            return new RowResult(row, RowOutcome.Failed, $"An unexpected {exception.GetType().Name}; run the command again.") { IsShared = true };
        }
    }

    private static string? Problem(UserOverlay overlay)
    {
        try
        {
            overlay.Read();
            return null;
        }
        catch (CommandFailure failure)
        {
            return $"{failure.Message} Nothing was changed. {failure.Next}";
        }
    }

    private async Task<RowResult> DoAsync(BulkRow row, UserName user, Credential credential, UserOverlay overlay, CancellationToken cancellationToken)
    {
        var there = await vault.FindAsync(user.SecretName, cancellationToken);
        // A rotation that is not over yet leaves its mark, which is not ours to take away.
        var tags = UserTags.For(user, credential, row.Wish, Environment.UserName) with { Replaces = there.Tags.Replaces };
        var placed = Placement.Foresee(there, credential, tags);
        if (there.State == StoredState.Disabled)
            return new RowResult(row, RowOutcome.Failed, $"The user's secret is switched off, as for somebody who was taken out. Nothing was changed; broker onboard {user} --yes lets the user in again.");
        if (there.State == StoredState.Live && placed == Placed.Replaced && !wish.Replace)
            return new RowResult(row, RowOutcome.Failed, "The vault has another credential for this user. Nothing was changed; --replace puts the list's in its place.");
        if (wish.DryRun) return new RowResult(row, Outcome(placed, false));

        var verified = placed is Placed.Unchanged or Placed.Tagged ? there.Tags.Verified : null;
        if (wish.Examine && !(placed == Placed.Unchanged && verified is not null))
        {
            var bad = await ExamineAsync(credential, user, row.Wish, cancellationToken);
            if (bad.Count > 0) return new RowResult(row, RowOutcome.Failed, string.Join(' ', bad.Select(finding => finding.Text))) { IsShared = bad.Any(finding => finding.IsOutside) };
            verified = clock.GetUtcNow();
        }

        if (there.State == StoredState.Deleted)
        {
            // Perhaps it is the same credential: then it needs no second version.
            await vault.RecoverAsync(user.SecretName, cancellationToken);
            deeds.Add($"{user.SecretName} was recovered.");
            there = await vault.FindAsync(user.SecretName, cancellationToken);
        }

        var isReplaced = there.State == StoredState.Live && Placement.Foresee(there, credential, tags) == Placed.Replaced;
        if (isReplaced) tags = tags with { Replaces = there.Version };
        var (done, _) = await new Placement(vault).PlaceAsync(user, there, credential, tags with { Verified = verified }, deeds, held: null, cancellationToken);
        if (isReplaced) await new Retirement(vault, surroundings, null, deeds).EndPredecessorsAsync(user, cancellationToken);
        var isNoted = done == Placed.Unchanged && verified != there.Tags.Verified;
        if (isNoted) await vault.TagAsync(there, there.Tags with { Verified = verified }, cancellationToken);

        var known = overlay.Read();
        var isWritten = overlay.Write(new OverlayFacts(vault.Uri, user.SecretName, row.Wish, known?.AzureClientId, known?.KeyDigest, known?.Owner ?? OverlayText.OwnerOf(user)));
        return new RowResult(row, Outcome(placed, isNoted || isWritten));
    }

    private async Task<List<Finding>> ExamineAsync(Credential credential, UserName user, AccessWish access, CancellationToken cancellationToken)
    {
        // One token request for each refresh token. Zoho counts these by refresh token, ten in ten minutes; its "five a minute"
        // is about making refresh tokens, and none is made here.
        var bad = new List<Finding>();
        await foreach (var finding in new Examination(surroundings).OfAsync(credential, user, access, cancellationToken))
            if (finding.Verdict == Verdict.Bad && !(wish.AllowMismatch && finding.Check == "identity" && !finding.IsOutside)) bad.Add(finding);
        return bad;
    }

    private static RowOutcome Outcome(Placed placed, bool isUpdated) => placed switch
    {
        Placed.Added => RowOutcome.Added,
        Placed.Replaced => RowOutcome.Replaced,
        Placed.Tagged => RowOutcome.Updated,
        _ => isUpdated ? RowOutcome.Updated : RowOutcome.Unchanged,
    };
}

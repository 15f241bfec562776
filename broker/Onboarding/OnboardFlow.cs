using Sidecar.Broker.Credentials;
using Sidecar.Broker.Onboarding.Grants;
using Sidecar.Broker.Onboarding.Overlays;
using Sidecar.Broker.Onboarding.Terminals;
using Sidecar.Broker.Onboarding.Vault;
using Sidecar.Broker.Onboarding.Verify;

namespace Sidecar.Broker.Onboarding;

/// <summary>
/// From "I have an account" to a credential in the vault: looks what is there, gets what is missing, proves it, and only
/// then writes. It can be run as often as one likes; what is done already is not done again.
/// </summary>
internal sealed class OnboardFlow(OnboardWish wish, UserVault vault, Surroundings surroundings, Terminal terminal, Deeds deeds)
{
    private bool _isReplaced, _isAgreed;

    /// <param name="there">What the vault has under the user's name.</param>
    /// <param name="cancellationToken">Ends it; what was begun comes to a known end.</param>
    public async Task<int> RunAsync(StoredUser there, CancellationToken cancellationToken)
    {
        var present = Present.Of(there)?.Credential;
        if (!wish.Renew) new Handover(wish, terminal, deeds).Check();
        if (wish.DryRun) return DryRun(there, present);
        if (there.State == StoredState.Disabled)
            await AgreeAsync($"{wish.User.SecretName} is switched off, as for somebody who was taken out. Onboard all the same?", "The user's secret is switched off.", "If the user is to be let in again, run the command with --yes.", cancellationToken);
        if (!wish.Renew && there.Tags.Replaces.Length > 0 && present is not null && IsOld(there))
        {
            // A rotation, or a replacement, that was cut off before its end.
            await EndPredecessorsAsync(cancellationToken);
            there = await vault.FindAsync(wish.User.SecretName, cancellationToken);
        }

        // Of a rotation that was interrupted the end is left to do, if it came to a good one: then nothing is asked for.
        var isLeft = wish.Renew && there.Tags.Replaces.Length > 0 && present is not null && await IsGoodAsync(present, cancellationToken);
        if (isLeft) terminal.Warn("The new credential is in place since the run before; the one before is still to end");
        else if (!wish.Renew && present is not null && await FitsAsync(present, there, cancellationToken)) await FinishAsync(there, present, [], null, cancellationToken);
        else if (await GivenAsync(cancellationToken) is { } given) await PlaceAsync(there, present, given, null, cancellationToken);
        else await RequestAsync(there, present, cancellationToken);

        if (isLeft || _isReplaced) await EndPredecessorsAsync(cancellationToken);
        terminal.Good("All is in place");
        return 0;
    }

    // Younger ones may belong to a rotation that gives running brokers their time now.
    private static bool IsOld(StoredUser there) => TimeProvider.System.GetUtcNow() - there.Properties!.CreatedOn > GracePeriod.Default;

    private async Task RequestAsync(StoredUser there, Credential? present, CancellationToken cancellationToken)
    {
        // Before the user is troubled, and before there is a grant.
        if (present is not null && (present.BaseUrl != wish.BaseUrl || present.Portal != wish.Portal)) await AgreeToReplaceAsync(present, cancellationToken);
        await new NewGrant(wish, surroundings, terminal, deeds).MakeAsync((credential, held) => PlaceAsync(there, present, credential, held, cancellationToken), cancellationToken);
    }

    // A credential that is there, is for the same instance and works needs no successor.
    private async Task<bool> FitsAsync(Credential present, StoredUser there, CancellationToken cancellationToken)
    {
        if (wish.CredentialFile is not null || wish.OnPrem != present is OnPremCredential) return false;
        if (present.BaseUrl != wish.BaseUrl || present.Portal != wish.Portal || (present is CloudCredential cloud && cloud.AccountsUrl != wish.AccountsUrl)) return false;
        if (present is CloudCredential && there.Tags.Scopes.Length > 0 && there.Tags.Scopes != wish.Access.ScopeTag)
        {
            terminal.Warn($"The credential that is there was made for other scopes ({there.Tags.Scopes}); it gets a successor.");
            return false;
        }

        var bad = await ExamineThereAsync(present, cancellationToken);
        if (bad.Count > 0) terminal.Warn("The credential that is there does not do; it gets a successor.");
        return bad.Count == 0;
    }

    // Where the vault did not say whether it stored the new one, its grant was revoked again; then the one before is the last that is good.
    private async Task<bool> IsGoodAsync(Credential present, CancellationToken cancellationToken)
    {
        var isGood = (await ExamineThereAsync(present, cancellationToken)).TrueForAll(finding => finding.Check == "scope");
        if (!isGood) terminal.Warn("The new credential of the run before does not do; it gets a successor.");
        return isGood;
    }

    // What keeps it from being looked at says nothing against it, and a successor would fare no better.
    private async Task<List<Finding>> ExamineThereAsync(Credential present, CancellationToken cancellationToken)
    {
        var bad = await ExamineAsync(present, cancellationToken);
        return bad.Find(finding => finding.IsOutside) is { } outside ? throw new CommandFailure(outside.Text, outside.Remedy!) : bad;
    }

    // One that exists already, or a key; null: a grant has to be made.
    private async Task<Credential?> GivenAsync(CancellationToken cancellationToken)
    {
        if (wish.CredentialFile is { } file) return await GivenCredential.ReadAsync(file, wish, terminal, cancellationToken);
        if (!wish.OnPrem) return null;
        terminal.Say("The technician makes a key in ServiceDesk Plus: the person's menu, API key, Generate.");
        return GivenCredential.Check(new OnPremCredential(await terminal.AskSecretAsync("technician key", cancellationToken), wish.BaseUrl!, wish.Portal, wish.User.Email, ""));
    }

    private async Task PlaceAsync(StoredUser there, Credential? present, Credential credential, HeldGrant? held, CancellationToken cancellationToken)
    {
        var bad = await ExamineAsync(credential, cancellationToken, isFresh: held is not null);
        await DecideAsync(present, credential, bad, cancellationToken);
        await FinishAsync(there, credential, bad, held, cancellationToken);
    }

    // Of a grant made a moment ago nobody but Zoho knows whose it is.
    private async Task<List<Finding>> ExamineAsync(Credential credential, CancellationToken cancellationToken, bool isFresh = false)
    {
        List<Finding> bad = [];
        await foreach (var found in new Examination(surroundings).OfAsync(credential, wish.User, wish.Access, cancellationToken))
        {
            var finding = isFresh && found is { Check: IdentityCheck.Check, Verdict: Verdict.Note }
                ? Finding.Bad(found.Check, found.Text, "Consent to all scopes that are shown, or accept it with --allow-mismatch.") : found;
            var isAllowed = finding is { Check: IdentityCheck.Check, Verdict: Verdict.Bad, IsOutside: false } && wish.AllowMismatch;
            if (finding.Verdict == Verdict.Good) terminal.Good(finding.Text);
            else if (finding.Verdict == Verdict.Note || isAllowed) terminal.Warn(finding.Text);
            else
            {
                terminal.Bad(finding.Text);
                bad.Add(finding);
            }
        }

        return bad;
    }

    // What does not work at all is never stored; what works in part, or ends another's service, is asked about.
    private async Task DecideAsync(Credential? present, Credential credential, List<Finding> bad, CancellationToken cancellationToken)
    {
        if (bad.Find(finding => finding.Check != "scope") is { } fatal) throw new CommandFailure(fatal.Text, fatal.Remedy!);
        if (bad.Count > 0)
        {
            await AgreeAsync(
                $"{bad.Count} of the scopes are missing: some tools will not work. Store it all the same?", "Not all scopes were granted.",
                "Make a grant with all of them, choose fewer with --toolsets or --read-only, or accept it with --yes.", cancellationToken);
        }

        if (present is not null && !present.ActsAs(credential)) await AgreeToReplaceAsync(present, cancellationToken);
    }

    private async Task AgreeToReplaceAsync(Credential present, CancellationToken cancellationToken)
    {
        if (_isAgreed) return;
        await AgreeAsync(
            $"The vault has a credential of {present.TechnicianEmail} at {present.ApiUrl}. Put another in its place?", "The vault has a credential for somebody, or somewhere, else.",
            "Check USER, --base-url and --portal, or replace it with --yes.", cancellationToken);
        _isAgreed = true;
    }

    private async Task AgreeAsync(string question, string what, string next, CancellationToken cancellationToken)
    {
        if (!wish.Yes && !await terminal.ConfirmAsync(question, cancellationToken)) throw new CommandFailure($"{what} It was not stored.", next);
    }

    private async Task FinishAsync(StoredUser there, Credential credential, List<Finding> bad, HeldGrant? held, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var name = wish.User.SecretName;
        if (there.State == StoredState.Deleted)
        {
            await terminal.StepAsync("Recovering the secret", () => vault.RecoverAsync(name, cancellationToken), $"Recovered {name}, which was deleted");
            deeds.Add($"{name} was recovered, with what it held before.");
            there = await vault.FindAsync(name, cancellationToken);
        }

        var tags = UserTags.For(wish.User, credential, wish.Access, Environment.UserName) with { Verified = bad.Count == 0 ? TimeProvider.System.GetUtcNow() : null, Replaces = there.Tags.Replaces };
        _isReplaced = Placement.Foresee(there, credential, tags) == Placed.Replaced;
        // What was there is ended once this one is known to be in use; until then the mark says that it is to be.
        if (_isReplaced) tags = tags with { Replaces = there.Version };
        await terminal.StepAsync("Writing the secret", () => new Placement(vault).PlaceAsync(wish.User, there, credential, tags, deeds, held, cancellationToken), placed => $"{name} {Words(placed.Placed)}");
        if (!wish.Renew) await new Handover(wish, terminal, deeds).GiveAsync(credential, cancellationToken);
    }

    private static string Words(Placed placed) => placed switch
    {
        Placed.Unchanged => "is there already; nothing was written",
        Placed.Tagged => "is there already; its tags were brought up to date",
        Placed.Added => "is written, and reads back as written",
        _ => "has a new version, which reads back as written",
    };

    private async Task EndPredecessorsAsync(CancellationToken cancellationToken)
    {
        if (wish.Grace > TimeSpan.Zero) await new GracePeriod(terminal).PassAsync(wish.Grace, cancellationToken);
        await new Retirement(vault, surroundings, terminal, deeds).EndPredecessorsAsync(wish.User, cancellationToken);
    }

    private int DryRun(StoredUser there, Credential? present)
    {
        terminal.Head("Would be done");
        if (!wish.OnPrem && wish.CredentialFile is null)
        {
            terminal.Say(present is null || wish.Renew ? "Ask for consent to these scopes:" : "Check the credential that is there; if it does not do, ask for consent to these scopes:");
            terminal.Copy(wish.Access.ScopeText);
        }

        if (there.State == StoredState.Deleted) terminal.Say($"Recover {wish.User.SecretName}.");
        terminal.Say($"Check the credential, write {wish.User.SecretName} in {wish.Vault.Host}, and read it back.");
        if (present is not null) terminal.Say("Where another credential takes the place of one: revoke the grant before, and switch its version off.");
        if (!wish.Renew) terminal.Say($"Write {new UserOverlay(wish.Overlays, wish.User).Folder}.");
        terminal.Say("Nothing was changed.");
        return 0;
    }
}

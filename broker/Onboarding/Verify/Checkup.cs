using System.Runtime.CompilerServices;
using Sidecar.Broker.Onboarding.Vault;

namespace Sidecar.Broker.Onboarding.Verify;

/// <summary>All that there is to find out about one user: from the vault to the last scope.</summary>
internal sealed class Checkup(Surroundings surroundings, UserVault vault)
{
    /// <param name="user">Who.</param>
    /// <param name="allowMismatch">It may be another person's credential.</param>
    /// <param name="record">What is seen to work is noted at the secret.</param>
    /// <param name="deeds">Takes note of what is changed.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Findings in order; after a bad one only those that it does not make void.</returns>
    public async IAsyncEnumerable<Finding> OfAsync(UserName user, bool allowMismatch, bool record, Deeds deeds, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (there, closed) = await FindAsync(user, cancellationToken);
        yield return closed ?? Finding.Good("vault", $"Key Vault {vault.Uri.Host} answers, and lets you in.");
        if (there is null) yield break;

        var check = new StoredCheck(vault.Uri.Authority, user);
        yield return check.State(there);
        if (there.State != StoredState.Live) yield break;
        var (credential, wellFormed) = check.Read(there);
        yield return wellFormed;
        if (credential is null) yield break;

        var wish = there.Tags.Wish;
        foreach (var finding in check.Properties(there, credential, wish)) yield return finding;

        var works = true;
        await foreach (var found in new Examination(surroundings).OfAsync(credential, user, wish, cancellationToken))
        {
            var finding = allowMismatch && found is { Check: IdentityCheck.Check, Verdict: Verdict.Bad } ? found with { Verdict = Verdict.Note } : found;
            works &= finding.Verdict != Verdict.Bad;
            yield return finding;
        }

        if (works && record) yield return await RecordAsync(there, deeds, cancellationToken);
    }

    private async Task<(StoredUser? There, Finding? Closed)> FindAsync(UserName user, CancellationToken cancellationToken)
    {
        try
        {
            return (await vault.FindAsync(user.SecretName, cancellationToken), null);
        }
        catch (CommandFailure failure)
        {
            return (null, Finding.Bad("vault", failure.Message, failure.Next));
        }
    }

    private async Task<Finding> RecordAsync(StoredUser there, Deeds deeds, CancellationToken cancellationToken)
    {
        try
        {
            await vault.TagAsync(there, there.Tags with { Verified = TimeProvider.System.GetUtcNow() }, cancellationToken);
            deeds.Add("The secret's tag \"verified\" was set to now.");
            return Finding.Good("record", "The secret's tag \"verified\" was set to now.");
        }
        catch (CommandFailure failure)
        {
            return Finding.Note("record", $"The secret's tag \"verified\" was not set: {failure.Message}", $"{failure.Next} With --no-record nothing is written.");
        }
    }
}

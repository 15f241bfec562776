using Sidecar.Tests.Faults.Matrix;

namespace Sidecar.Tests.Faults.Run;

/// <summary>Makes the next call, once the fault is gone, and says what does not hold.</summary>
internal static class NextCall
{
    public static async Task<List<string>> MakeAsync(Scene scene, FaultRow row, Call first)
    {
        var expected = Rules.Of(row, first.Operation);
        var (before, once) = (first.Done(scene.Instance), first.Operation.Kind == Kind.Reads ? 0 : 1);
        var next = expected.Next == Next.GoesOn ? scene.NewCall(first.Operation) : first;
        var isRefused = expected.Next is Next.StillRefused or Next.RefusedAgain;
        var outcome = expected.Next == Next.Heals ? await HealAsync(scene, next) : await scene.MakeAsync(next, reason: isRefused);

        var problems = Judge.Truth(next, outcome);
        var (claim, writes, done) = expected.Next switch
        {
            Next.Repeats or Next.GoesOn or Next.Heals => (Claim.Done, once, once),
            Next.Found => (Claim.Done, 0, 1),
            Next.ToldAgain => (Claim.Unknown, 0, 0),
            Next.RefusedAgain => (Claim.Nothing, expected.Writes, 0),
            _ => (Claim.Nothing, 0, 0),
        };
        if (outcome.Claim != claim) problems.Add($"told {outcome.Claim}, not {claim}: {outcome.Text}");
        if (outcome.Writes > writes) problems.Add($"{outcome.Writes} writes arrived, not at most {writes}");
        if (outcome.Done != done) problems.Add($"it is done {outcome.Done} times, not {done}");
        if (expected.Next == Next.GoesOn && first.Done(scene.Instance) != before) problems.Add("what the first call did has changed since");
        if (expected.Next == Next.ToldAgain && !outcome.Text.Contains("Wait ", StringComparison.Ordinal)) problems.Add($"does not say how long to wait: {outcome.Text}");
        if (isRefused && outcome.Told != expected.Told) problems.Add($"the reason is {outcome.Told}, not {expected.Told}");
        if (expected.Next == Next.StillRefused && outcome.TokenCalls > 0) problems.Add($"Zoho was asked {outcome.TokenCalls} times");
        problems.AddRange(scene.Leaks(outcome.Text).Select(leak => $"the client was shown {leak}"));
        return [.. problems.Select(problem => $"next call ({expected.Next}): {problem}")];
    }

    private static async Task<Outcome> HealAsync(Scene scene, Call call)
    {
        using var end = new CancellationTokenSource(Scene.Patience);
        while (true)
        {
            var outcome = await scene.MakeAsync(call);
            // Only what is told as not done may be tried again.
            if (outcome.Claim != Claim.Nothing || outcome.Done > 0 || end.IsCancellationRequested) return outcome;
            await Task.Delay(100, CancellationToken.None);
        }
    }
}

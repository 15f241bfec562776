using System.Text.RegularExpressions;
using Sidecar.Tests.Faults.Matrix;

namespace Sidecar.Tests.Faults.Run;

/// <summary>Holds what came of a call against what the cell states, and against the truth.</summary>
internal static class Judge
{
    public static List<string> First(FaultRow row, Expectation expected, Call call, Outcome outcome, Scene scene)
    {
        var problems = Truth(call, outcome);
        if (outcome.Claim != expected.Claim) problems.Add($"told {outcome.Claim}, not {expected.Claim}: {outcome.Text}");
        if (expected.Told is not null && outcome.Told != expected.Told) problems.Add($"the reason is {outcome.Told}, not {expected.Told}: {outcome.Text}");
        if (row.Says is not null && outcome.Claim != Claim.Done && !Regex.IsMatch(outcome.Text, row.Says)) problems.Add($"does not say \"{row.Says}\": {outcome.Text}");
        if (outcome.Writes > expected.Writes) problems.Add($"{outcome.Writes} writes arrived, not at most {expected.Writes}");
        if (expected.Done is { } done && outcome.Done != done) problems.Add($"it is done {outcome.Done} times, not {done}");
        problems.AddRange(scene.Leaks(outcome.Text).Select(leak => $"the client was shown {leak}"));
        return problems;
    }

    /// <summary>What holds for every call whatever the fault: no write twice, no false "done", no false "nothing".</summary>
    public static List<string> Truth(Call call, Outcome outcome)
    {
        List<string> problems = [];
        var isWrite = call.Operation.Kind != Kind.Reads;
        if (outcome.Done > 1) problems.Add($"DOUBLE: it is done {outcome.Done} times");
        if (isWrite && outcome.Claim is (Claim.Done or Claim.Partly) && outcome.Done == 0) problems.Add($"FALSE DONE: {outcome.Text}");
        if (outcome.Claim == Claim.Nothing && outcome.Done > 0) problems.Add($"FALSE NOTHING: {outcome.Text}");
        return problems;
    }
}

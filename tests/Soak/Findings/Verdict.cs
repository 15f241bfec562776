using Sidecar.Soak.Load;

namespace Sidecar.Soak.Findings;

/// <summary>One thing that has to hold, and where it does not.</summary>
internal sealed record Finding(string What, IReadOnlyCollection<string> Problems)
{
    private const int Shown = 20;

    public bool Holds => Problems.Count == 0;

    public override string ToString() =>
        string.Join('\n', [$"{(Holds ? "ok   " : "FAIL ")}{What}", .. Problems.Take(Shown).Select(problem => $"     {problem}"), .. Problems.Count > Shown ? [$"     and {Problems.Count - Shown} more"] : Array.Empty<string>()]);
}

/// <summary>All that has to hold in the end.</summary>
internal static class Verdict
{
    // Without these, nothing was tried.
    private static readonly string[] Tools =
        ["whoami", "get_request", "list_requests", "search_requests", "create_request", "update_request", "add_note", "add_private_note", "reply_to_requester", "close_request"];

    private const int FewestFaults = 10;

    public static IReadOnlyList<Finding> Of(Scene scene, Ledger ledger, Tally tally, Leaks leaks, Watch watch)
    {
        var judge = new Judge(scene.Instance, tally);
        var judged = ledger.Writes.Select(write => (write.Outcome, Problem: judge.Problem(write) is { } problem ? $"{problem} — {write}" : null)).ToList();
        List<string> Problems(Outcome outcome) => [.. judged.Where(one => one.Outcome == outcome).Select(one => one.Problem).OfType<string>()];

        var tickets = ledger.Writes.Select(write => write.Ticket).OfType<Ticket>().Distinct().Select(judge.Problem).OfType<string>().ToList();
        var killed = scene.Everyone.Where(process => process != scene.Broker && process != scene.Shim).ToList();
        return
        [
            new("What was said to be done is there, once, and as it was asked for", Problems(Outcome.Done)),
            new("What was said to have changed nothing is not there", Problems(Outcome.Nothing)),
            new("What was said to be done in part has changed something", Problems(Outcome.Partly)),
            new("What is not known is there at most once", Problems(Outcome.Unknown)),
            new("Every request looks as its last change asked", tickets),
            new("Every answer is about what was asked", ledger.WrongAnswers),
            new($"No secret is in any output ({leaks.Searched:N0} characters searched for {scene.Secrets.Count} secrets)", [.. leaks.Found]),
            new("No exception was unhandled or unobserved, and none was a fault of our own", [.. scene.Everyone.SelectMany(Logs.Problems), .. ledger.OwnFaults]),
            new("Neither program ended by itself", [.. new[] { scene.Broker, scene.Shim }.Where(process => process.HasExited).Select(process => $"{process.Name} has ended")]),
            .. new[] { watch.Broker, watch.Shim }.Select(memory => new Finding($"The memory of the {memory.Name} is flat", memory.IsFlat ? [] : [$"it grew by {memory.Slope / 1e6:N1} MB a minute"])),
            new("Enough was tried", [.. Untried(ledger, tally, killed.Count)]),
        ];
    }

    private static IEnumerable<string> Untried(Ledger ledger, Tally tally, int killed)
    {
        foreach (var tool in Tools)
            if (!ledger.Calls.Any(call => call.Key.Tool == tool && call.Key.Outcome == Outcome.Done)) yield return $"{tool} has never succeeded";
        if (!ledger.Writes.Any(write => write.Replies.Any(reply => reply.Outcome == Outcome.Unknown))) yield return "no write was of unknown fate";
        if (tally.Struck.Values.Sum() is var struck && struck < FewestFaults) yield return $"only {struck} faults have struck";
        if (killed == 0) yield return "no program was killed";
    }
}

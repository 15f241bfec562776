using System.Collections.Concurrent;

namespace Sidecar.Soak.Load;

/// <summary>What all callers have seen.</summary>
internal sealed class Ledger
{
    private readonly ConcurrentDictionary<(string Tool, Outcome Outcome, bool IsSilence), int> _calls = new();
    private readonly ConcurrentDictionary<string, int> _repeats = new();

    /// <summary>Every write.</summary>
    public ConcurrentQueue<Write> Writes { get; } = new();

    /// <summary>Answers that were about something else than what was asked.</summary>
    public ConcurrentQueue<string> WrongAnswers { get; } = new();

    /// <summary>Failures that the programs call a fault of their own.</summary>
    public ConcurrentQueue<string> OwnFaults { get; } = new();

    /// <summary>Calls by tool and how they ended.</summary>
    public IReadOnlyDictionary<(string Tool, Outcome Outcome, bool IsSilence), int> Calls => _calls;

    /// <summary>How the follow-ups of creates of unknown fate ended.</summary>
    public IReadOnlyDictionary<string, int> Repeats => _repeats;

    public void Count(string tool, Reply reply)
    {
        _calls.AddOrUpdate((tool, reply.Outcome, reply.IsSilence), 1, (_, count) => count + 1);
        if (reply.Text.Contains("fault of the broker", StringComparison.Ordinal) || reply.Text.Contains("fault in the shim", StringComparison.Ordinal))
            OwnFaults.Enqueue(reply.Text.Split('\n')[0]);
    }

    public void CountRepeat(string how) => _repeats.AddOrUpdate(how, 1, (_, count) => count + 1);
}

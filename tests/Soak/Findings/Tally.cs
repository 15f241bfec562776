using Sidecar.Simulator;
using Sidecar.Soak.Load;

namespace Sidecar.Soak.Findings;

/// <summary>Reads the simulator's journal as it grows, which it keeps for a while only, and counts what each write has changed.</summary>
internal sealed class Tally(SimulatorHost simulator)
{
    // By then no request is under way any more, and its entry is complete.
    private static readonly TimeSpan Complete = TimeSpan.FromMinutes(1);

    private readonly Dictionary<(string Marker, string Door), int> _changes = [];
    private readonly SortedDictionary<string, int> _struck = [];
    private long _read;

    /// <summary>Requests received by all services.</summary>
    public long Received => _read;

    /// <summary>Faults that struck, by service and kind.</summary>
    public IReadOnlyDictionary<string, int> Struck => _struck;

    /// <summary>How often a write has taken effect.</summary>
    /// <param name="marker">Its marker.</param>
    /// <param name="door">By which door, as in <see cref="Write.Door"/>: an e-mail's subject quotes that of its request.</param>
    public int Changes(string marker, string door) => _changes.GetValueOrDefault((marker, door));

    /// <summary>Takes in what is new.</summary>
    /// <param name="all">True if nothing is under way any more.</param>
    public void Read(bool all)
    {
        var before = simulator.Clock.GetUtcNow() - Complete;
        foreach (var entry in simulator.Journal.Since(_read))
        {
            if (!all && entry.Time > before) return;
            // Lost entries would make every count below a guess.
            if (entry.Seq != _read + 1) throw new InvalidOperationException("The journal has dropped entries that were not read yet.");
            _read = entry.Seq;
            if (entry.Fault is { } fault) Count(_struck, $"{entry.Service} {fault}");
            if (entry is not { Service: Service.Sdp, Changed: not null, InputData: { } input } || entry.Method == "GET") continue;
            foreach (var marker in Write.MarkersIn(input)) Count(_changes, (marker, Door(entry)));
        }
    }

    // Ids left out, and of two spellings one.
    private static string Door(JournalEntry entry) =>
        $"{entry.Method} {entry.Path.Split('/').Last(segment => !segment.All(char.IsAsciiDigit)).TrimStart('_')}";

    private static void Count<TKey>(IDictionary<TKey, int> counts, TKey key) => counts[key] = counts.TryGetValue(key, out var count) ? count + 1 : 1;
}

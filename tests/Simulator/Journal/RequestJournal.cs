using Sidecar.Simulator.Hosting;

namespace Sidecar.Simulator;

/// <summary>Every request to every service but the control API, in order of arrival.</summary>
public sealed class RequestJournal
{
    private const int Kept = 50_000;

    private static readonly HashSet<string> Secret = new(StringComparer.OrdinalIgnoreCase)
    {
        "client_secret", "refresh_token", "access_token", "token", "code", "client_assertion", "assertion", "authtoken",
        "code_verifier", "code_challenge", "ticket",
    };

    private readonly Lock _gate = new();
    private readonly SortedDictionary<long, JournalEntry> _entries = [];
    private long _last;

    /// <summary>The requests with a higher number than that.</summary>
    public IReadOnlyList<JournalEntry> Since(long seq = 0)
    {
        lock (_gate)
            return [.. _entries.Values.Where(entry => entry.Seq > seq)];
    }

    /// <summary>Number of the latest request.</summary>
    public long LastSeq
    {
        get
        {
            lock (_gate)
                return _last;
        }
    }

    /// <summary>Forgets the entries; the numbering goes on.</summary>
    public void Clear()
    {
        lock (_gate)
            _entries.Clear();
    }

    internal JournalEntry Open(Exchange exchange, DateTimeOffset time)
    {
        var source = exchange.Form.ContainsKey("input_data") ? "form" : exchange.Query.ContainsKey("input_data") ? "query" : null;
        lock (_gate)
        {
            var entry = new JournalEntry
            {
                Seq = ++_last,
                Service = exchange.Service,
                Method = exchange.Method,
                Path = exchange.Path,
                InputData = source == "form" ? exchange.Form["input_data"] : source == "query" ? exchange.Query["input_data"] : null,
                InputDataIn = source,
                Query = Masked(exchange.Query),
                Form = Masked(exchange.Form),
                HeaderNames = [.. exchange.Headers.Keys],
                Accept = exchange.Header("Accept"),
                UserAgent = exchange.Header("User-Agent"),
                AuthorizationScheme = exchange.Header("Authorization")?.Split(' ')[0] is { Length: < 20 } scheme ? scheme : null,
                ContentType = exchange.ContentType,
                Time = time,
            };
            _entries[entry.Seq] = entry;
            if (_entries.Count > Kept)
                _entries.Remove(_entries.Keys.First());
            return entry;
        }
    }

    internal void Update(JournalEntry entry)
    {
        lock (_gate)
            if (_entries.ContainsKey(entry.Seq))
                _entries[entry.Seq] = entry;
    }

    private static Dictionary<string, string> Masked(IReadOnlyDictionary<string, string> values) => values
        .Where(pair => pair.Key != "input_data")
        .ToDictionary(pair => pair.Key, pair => Secret.Contains(pair.Key) ? "***" : pair.Value);
}

using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sidecar.Broker.Credentials;
using Sidecar.Broker.Sdp;
using Sidecar.Broker.Transcoding;

namespace Sidecar.Broker.Operations.Setup;

/// <summary>
/// Reads the lists of names that an instance keeps, whole, and keeps them for some minutes: for one credential, until this
/// broker writes to one of them, or the instance refuses a value. A failure is never kept.
/// </summary>
internal sealed class SetupLists
{
    private const int PageSize = 100, MaxPages = 10;

    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    private readonly SdpClient _client;
    private readonly Dialect _dialect;
    private readonly CredentialStore _credentials;
    private readonly TimeProvider _clock;
    private readonly ConcurrentDictionary<string, (NameList List, string Version, long Read)> _kept = new();
    private long _drops;

    public SetupLists(SdpClient client, Dialect dialect, CredentialStore credentials, TimeProvider clock)
    {
        (_client, _dialect, _credentials, _clock) = (client, dialect, credentials, clock);
        client.Writing += Forget;
    }

    /// <summary>Gives one list.</summary>
    /// <param name="paths">Spellings of its path.</param>
    /// <param name="isFresh">Whether it has to be read now.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="SdpException">It cannot be read.</exception>
    public async Task<NameList> GetAsync(IReadOnlyList<string> paths, bool isFresh, CancellationToken cancellationToken)
    {
        var version = (await _credentials.RequireAsync(cancellationToken)).Version;
        if (!isFresh && _kept.TryGetValue(paths[0], out var kept) && kept.Version == version && _clock.GetElapsedTime(kept.Read) < Life)
            return kept.List with { IsKept = true };

        var (started, drops) = (_clock.GetTimestamp(), Interlocked.Read(ref _drops));
        var list = await ReadAsync(paths, cancellationToken);
        _kept[paths[0]] = (list, version, started);
        // What was read while a write was under way, or with another credential, may be neither old nor new.
        if (Interlocked.Read(ref _drops) != drops || _credentials.Current?.Version != version) _kept.TryRemove(paths[0], out _);
        return list;
    }

    /// <summary>Forgets all of them: the instance has just shown that they may not hold any more.</summary>
    public void Forget()
    {
        Interlocked.Increment(ref _drops);
        _kept.Clear();
    }

    // Lists depend on each other, as items do on categories: a write to any of them ends them all.
    private void Forget(string writtenPath)
    {
        if (Lists.Contains(Root(writtenPath))) Forget();
    }

    private static readonly HashSet<string> Lists = [.. GetMetadata.Paths.Select(Root)];

    private static string Root(string path) => path.TrimStart('/').Split('/')[0];

    private async Task<NameList> ReadAsync(IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        var rows = new List<JsonElement>();
        for (var page = 0; page < MaxPages; page++)
        {
            var input = new JsonObject { ["list_info"] = new JsonObject { ["row_count"] = PageSize, ["start_index"] = (page * PageSize) + 1 } };
            var answer = await _dialect.SpeakAsync(
                $"GET {paths[0]}",
                paths[0],
                paths.Count > 1 ? paths[1] : null,
                refusal => refusal.IsUnknownPath,
                path => _client.SendAsync(HttpMethod.Get, path, input, cancellationToken));
            rows.AddRange(RowsOf(answer).Where(IsInUse));
            if (!FieldKeys.TryFind(answer, "list_info.has_more_rows", out var more) || more.ValueKind != JsonValueKind.True) return new NameList(rows, IsCut: false);
        }

        return new NameList(rows, IsCut: true);
    }

    // The rows are the one list in the answer that is not its status.
    private static IEnumerable<JsonElement> RowsOf(JsonElement answer)
    {
        foreach (var member in answer.EnumerateObject())
            if (member.Name != "response_status" && member.Value.ValueKind == JsonValueKind.Array)
                return member.Value.EnumerateArray().Where(row => row.ValueKind == JsonValueKind.Object);
        throw new SdpException(SdpFailure.Unreadable, "the list is missing");
    }

    private static bool IsInUse(JsonElement row) => !IsTrue(row, "inactive") && !IsTrue(row, "deleted");

    private static bool IsTrue(JsonElement row, string name) => row.TryGetProperty(name, out var flag) && flag.ValueKind == JsonValueKind.True;
}

using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Sidecar.Broker.Credentials;
using Sidecar.Broker.Sdp;
using Sidecar.Broker.Tokens;
using Sidecar.Broker.Transcoding;
using Sidecar.Contract;

namespace Sidecar.Broker.Operations.Fate;

/// <summary>What looking for a record came to.</summary>
internal enum Sighting
{
    /// <summary>It could not be looked for, or not everywhere it might be.</summary>
    Unclear,

    /// <summary>It is not there.</summary>
    NotThere,

    /// <summary>One much like it is there.</summary>
    MayBeThere,

    /// <summary>It is there.</summary>
    Found,
}

/// <summary>Looks for the record of a write whose answer was lost, as the contract says where.</summary>
internal sealed class Tracer(SdpClient client, CredentialStore credentials, ServerClock server)
{
    private const int PageSize = 100, MostRead = 20, MaxClaimed = 10_000;

    // Instances keep times by the minute, and the Date of an answer by the second.
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(90);

    private readonly ConcurrentDictionary<(string List, string Id), bool> _claimed = new();

    /// <summary>Looks once.</summary>
    /// <param name="operation">The write.</param>
    /// <param name="request">What it was asked with.</param>
    /// <param name="sent">When it was sent, by our own clock.</param>
    /// <param name="cancellationToken">Ends the looking.</param>
    /// <returns>What it came to, with the record or the id of the one that may be it.</returns>
    public async Task<(Sighting Sighting, IMessage? Record, string? Id)> LookAsync(
        Operation operation, IMessage request, DateTimeOffset sent, CancellationToken cancellationToken)
    {
        try
        {
            return await FindAsync(operation, request, sent, cancellationToken);
        }
        catch (Exception exception) when (exception is SdpException or TokenException or CredentialException or OperationCanceledException)
        {
            return (Sighting.Unclear, null, null);
        }
    }

    /// <summary>Marks a record as the outcome of one call, so that it is never taken for that of another.</summary>
    /// <returns>False if it was marked before.</returns>
    public bool Claim(Operation operation, IMessage request, string id)
    {
        if (_claimed.Count >= MaxClaimed) _claimed.Clear();
        return id.Length == 0 || _claimed.TryAdd((List(operation.Call!.Trace, request), id), true);
    }

    // NotThere lets the caller send again, so it needs proof: a list seen far enough back, and every row of that time read and
    // shown to be another record. Whatever falls short of that is MayBeThere or Unclear.
    private async Task<(Sighting, IMessage?, string?)> FindAsync(
        Operation operation, IMessage request, DateTimeOffset sent, CancellationToken cancellationToken)
    {
        var call = operation.Call!;
        var list = List(call.Trace, request);
        var comparison = new Comparison(Encoder.Record(request, call, new Dictionary<string, string>()), call, operation.Descriptor.InputType);
        var answer = await client.SendAsync(HttpMethod.Get, list, Newest(call.Trace), cancellationToken);
        // Not before there was an answer: only that tells the time there. A proxy may tell another than the records carry.
        var (there, here) = (server.There(sent) - Tolerance, sent - Tolerance);
        var since = there < here ? there : here;
        var rows = answer.TryGetProperty(call.Trace.Rows, out var found) && found.ValueKind == JsonValueKind.Array
            ? found.EnumerateArray().Where(row => row.ValueKind == JsonValueKind.Object).ToList()
            : throw new SdpException(SdpFailure.Unreadable, "the list is missing");

        var technician = (await credentials.RequireAsync(cancellationToken)).TechnicianEmail;
        var candidates = rows.Where(row => !(Time(row, call.Trace) < since) && !comparison.IsOther(row) && !_claimed.ContainsKey((list, Id(row)))).ToList();
        string? likely = null;
        foreach (var row in candidates.Take(MostRead))
        {
            // A row often lacks the text, and the reply is to be the whole record.
            var path = Id(row).All(char.IsAsciiLetterOrDigit) && Id(row).Length > 0 ? PathTemplate.Expand(call.Trace.Read.Replace("{id}", Id(row), StringComparison.Ordinal), request) : null;
            var record = path is null ? null : await ReadAsync(call, path, cancellationToken);
            var likeness = record is { } whole ? comparison.Of(whole) : Likeness.MayBe;
            if (likeness == Likeness.Other) continue;
            if (likeness == Likeness.Same && IsBy(technician, row, call) && IsBy(technician, record!.Value, call)
                && !(Time(record.Value, call.Trace) < there) && Claim(operation, request, Id(row)))
                return (Sighting.Found, Decoder.Record(record.Value, operation.Descriptor.OutputType), Id(row));
            likely ??= Id(row);
        }

        if (likely is not null) return (Sighting.MayBeThere, null, likely);
        return (candidates.Count <= MostRead && IsSeenBackTo(since, rows, answer, call.Trace) ? Sighting.NotThere : Sighting.Unclear, null, null);
    }

    // The whole list, or newest first and the last of it older: an instance may not care for the order it was asked for.
    private static bool IsSeenBackTo(DateTimeOffset since, List<JsonElement> rows, JsonElement answer, Trace trace)
    {
        var hasMore = FieldKeys.TryFind(answer, "list_info.has_more_rows", out var more) ? more.ValueKind != JsonValueKind.False : rows.Count >= PageSize;
        if (!hasMore) return true;
        var times = rows.Select(row => Time(row, trace)).ToList();
        return times.Count > 0 && times[^1] < since && times.Zip(times.Skip(1)).All(pair => pair.First >= pair.Second);
    }

    private async Task<JsonElement?> ReadAsync(Call call, string path, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await client.SendAsync(HttpMethod.Get, path, null, cancellationToken);
            foreach (var key in new[] { call.Wrap, call.OrWrap })
                if (key.Length > 0 && answer.TryGetProperty(key, out var record) && record.ValueKind == JsonValueKind.Object) return record;
            throw new SdpException(SdpFailure.Unreadable, "the record is missing");
        }
        catch (SdpException failure) when (failure.IsUnknownPath)
        {
            // It is listed, and cannot be seen.
            return null;
        }
    }

    // The address of a credential is a label: an alias, or a shared mailbox that sends, keeps a record from being claimed, no more.
    private static bool IsBy(string technician, JsonElement row, Call call) =>
        call.Trace.Author.All(key => !FieldKeys.TryFind(row, $"{key}.email_id", out var author)
            || string.Equals(Decoder.Text(author), technician, StringComparison.OrdinalIgnoreCase));

    private static DateTimeOffset? Time(JsonElement row, Trace trace)
    {
        foreach (var key in trace.Time)
            if (FieldKeys.TryFind(row, key, out var value) && Decoder.TryTime(value, out var time)) return time.ToDateTimeOffset();
        return null;
    }

    private static string Id(JsonElement row) => FieldKeys.TryFind(row, "id", out var id) ? Decoder.Text(id) ?? "" : "";

    private static string List(Trace trace, IMessage request) => PathTemplate.Expand(trace.List, request);

    private static JsonObject Newest(Trace trace) => new()
    {
        ["list_info"] = new JsonObject { ["row_count"] = PageSize, ["sort_field"] = trace.Time[0], ["sort_order"] = "desc" },
    };
}

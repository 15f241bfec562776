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

    private async Task<(Sighting, IMessage?, string?)> FindAsync(
        Operation operation, IMessage request, DateTimeOffset sent, CancellationToken cancellationToken)
    {
        var (call, type) = (operation.Call!, operation.Descriptor.InputType);
        var list = List(call.Trace, request);
        var asked = Encoder.Record(request, call, new Dictionary<string, string>());
        var answer = await client.SendAsync(HttpMethod.Get, list, Newest(call.Trace), cancellationToken);
        // Not before there was an answer: only that tells the time there.
        var since = server.There(sent) - Tolerance;
        var rows = answer.TryGetProperty(call.Trace.Rows, out var found) && found.ValueKind == JsonValueKind.Array
            ? found.EnumerateArray().Where(row => row.ValueKind == JsonValueKind.Object).ToList()
            : throw new SdpException(SdpFailure.Unreadable, "the list is missing");

        var technician = (await credentials.RequireAsync(cancellationToken)).TechnicianEmail;
        var candidates = rows.Where(row => MayBe(row, call, since, technician) && !Likenesses.IsOther(asked, row, call, type) && !_claimed.ContainsKey((list, Id(row)))).ToList();
        string? likely = null;
        foreach (var row in candidates.Take(MostRead))
        {
            // A row often lacks the text, and the reply is to be the whole record.
            var record = await ReadAsync(call, PathTemplate.Expand(call.Trace.Read.Replace("{id}", Id(row), StringComparison.Ordinal), request), cancellationToken);
            if (record is not { } whole || !MayBe(whole, call, since, technician)) continue;
            var likeness = Likenesses.Of(asked, whole, call, type);
            if (likeness == Likeness.Same && Claim(operation, request, Id(row))) return (Sighting.Found, Decoder.Record(whole, operation.Descriptor.OutputType), Id(row));
            if (likeness == Likeness.MayBe) likely ??= Id(row);
        }

        if (likely is not null) return (Sighting.MayBeThere, null, likely);
        // Newest first: once a row is older than the write, all after it are.
        var sawAll = candidates.Count <= MostRead && (rows.Count < PageSize || rows.Exists(row => Time(row, call.Trace) < since));
        return (sawAll ? Sighting.NotThere : Sighting.Unclear, null, null);
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
            // A conversation lists notes beside e-mails, and what was listed may be gone.
            return null;
        }
    }

    private static bool MayBe(JsonElement row, Call call, DateTimeOffset since, string technician)
    {
        if (Id(row).Length == 0 || !Id(row).All(char.IsAsciiLetterOrDigit) || Time(row, call.Trace) < since) return false;
        return call.Trace.Author.All(key => !FieldKeys.TryFind(row, $"{key}.email_id", out var author)
            || string.Equals(Decoder.Text(author), technician, StringComparison.OrdinalIgnoreCase));
    }

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

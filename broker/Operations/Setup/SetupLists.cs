using System.Text.Json;
using System.Text.Json.Nodes;
using Sidecar.Broker.Sdp;
using Sidecar.Broker.Transcoding;

namespace Sidecar.Broker.Operations.Setup;

/// <summary>Reads the lists of names that an instance keeps, whole.</summary>
internal sealed class SetupLists(SdpClient client, Dialect dialect)
{
    private const int PageSize = 100, MaxPages = 10;

    /// <summary>Reads one list.</summary>
    /// <param name="paths">Spellings of its path.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The rows in use, and whether there are more than were read.</returns>
    /// <exception cref="SdpException">It cannot be read.</exception>
    public async Task<(List<JsonElement> Rows, bool IsCut)> ReadAsync(IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        var rows = new List<JsonElement>();
        for (var page = 0; page < MaxPages; page++)
        {
            var input = new JsonObject { ["list_info"] = new JsonObject { ["row_count"] = PageSize, ["start_index"] = (page * PageSize) + 1 } };
            var answer = await dialect.SpeakAsync(
                $"GET {paths[0]}",
                paths[0],
                paths.Count > 1 ? paths[1] : null,
                refusal => refusal.IsUnknownPath,
                path => client.SendAsync(HttpMethod.Get, path, input, cancellationToken));
            rows.AddRange(RowsOf(answer).Where(IsInUse));
            if (!FieldKeys.TryFind(answer, "list_info.has_more_rows", out var more) || more.ValueKind != JsonValueKind.True) return (rows, false);
        }

        return (rows, true);
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

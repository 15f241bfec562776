using System.Text.Json.Nodes;

namespace Sidecar.Simulator.Sdp.Records;

/// <summary>Reaching into a record by a dotted name.</summary>
internal static class Values
{
    public static JsonNode? At(JsonObject record, string path)
    {
        JsonNode? at = record;
        foreach (var name in path.Split('.'))
            at = (at as JsonObject)?[name];
        return at;
    }

    /// <summary>What a search or a sort compares: of a time its milliseconds, of a reference its name.</summary>
    public static string? Comparable(JsonNode? node) => node switch
    {
        null => null,
        JsonObject record => (record["value"] ?? record["name"] ?? record["id"])?.ToString(),
        JsonArray array => array.Count == 0 ? null : string.Join(',', array.Select(Comparable)),
        JsonValue value => value.TryGetValue<bool>(out var flag) ? flag ? "true" : "false" : value.ToString(),
        _ => null,
    };
}

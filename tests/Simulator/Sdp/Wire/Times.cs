using System.Globalization;
using System.Text.Json.Nodes;

namespace Sidecar.Simulator.Sdp.Wire;

/// <summary>A time as ServiceDesk Plus writes it: for people, and in milliseconds as text.</summary>
internal static class Times
{
    public static JsonObject Stamp(long milliseconds) => new()
    {
        ["display_value"] = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            .ToString("MMM d, yyyy hh:mm tt", CultureInfo.InvariantCulture),
        ["value"] = milliseconds.ToString(CultureInfo.InvariantCulture),
    };

    public static long? Of(JsonNode? stamp) =>
        stamp is JsonObject record && long.TryParse(record["value"]?.ToString(), CultureInfo.InvariantCulture, out var value) ? value : null;
}

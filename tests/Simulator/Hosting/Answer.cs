using System.Text;
using System.Text.Json.Nodes;

namespace Sidecar.Simulator.Hosting;

/// <summary>
/// A whole reply, decided before its first byte is sent, so that a fault can still send it badly or not at all.
/// </summary>
internal sealed record Answer(int Status, string? ContentType, byte[] Body)
{
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    public static Answer Json(JsonNode body, int status = 200) =>
        new(status, "application/json;charset=UTF-8", Encoding.UTF8.GetBytes(body.ToJsonString(Wire.Readable)));

    public static Answer Html(string body, int status = 200) => new(status, "text/html;charset=UTF-8", Encoding.UTF8.GetBytes(body));

    public static Answer Text(string body, int status = 200) => new(status, "text/plain;charset=UTF-8", Encoding.UTF8.GetBytes(body));

    public static Answer Empty(int status) => new(status, null, []);

    public Answer With(string header, string value) => this with { Headers = [.. Headers, new(header, value)] };
}

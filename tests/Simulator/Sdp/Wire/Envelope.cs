using System.Text.Json.Nodes;
using Sidecar.Simulator.Hosting;

namespace Sidecar.Simulator.Sdp.Wire;

/// <summary>How answers are wrapped: one record in an object, a list with response_status as an array.</summary>
internal static class Envelope
{
    public static Answer One(string key, JsonNode? record) => Answer.Json(new JsonObject { [key] = record, ["response_status"] = Success() });

    public static Answer Many(string key, JsonArray rows, JsonObject listInfo) => Answer.Json(new JsonObject
    {
        ["response_status"] = new JsonArray(Success()),
        ["list_info"] = listInfo,
        [key] = rows,
    });

    public static Answer Done(string? message = null)
    {
        var status = Success();
        if (message is not null)
            status["messages"] = new JsonArray(new Problem(2000, null, message) { Type = "success" }.ToJson());
        return Answer.Json(new JsonObject { ["response_status"] = status });
    }

    /// <summary>HTTP 200, and yet not done.</summary>
    public static Answer Warning(params string[] neededFields) => Answer.Json(new JsonObject
    {
        ["response_status"] = new JsonObject
        {
            ["status_code"] = 3000,
            ["messages"] = new JsonArray(new Problem(4003) { Fields = neededFields, Type = "warning" }.ToJson()),
            ["status"] = "warning",
        },
    });

    private static JsonObject Success() => new() { ["status_code"] = 2000, ["status"] = "success" };
}

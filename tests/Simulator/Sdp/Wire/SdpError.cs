using System.Text.Json.Nodes;
using Sidecar.Simulator.Hosting;

namespace Sidecar.Simulator.Sdp.Wire;

/// <summary>One entry of response_status.messages.</summary>
internal sealed record Problem(int Code, string? Field = null, string? Message = null)
{
    public IReadOnlyList<string>? Fields { get; init; }
    public string Type { get; init; } = "failed";

    public static Problem ExtraKey(string key) => new(4001, key, "EXTRA_KEY_FOUND_IN_JSON");

    public static Problem Unparsable(string field) => new(4001, field, $"Unable to parse JSON for : {field}");

    public static Problem Unknown(string field) => new(4001, field);

    public static Problem Mistyped(string field) => new(4021, field);

    public static Problem Missing(params string[] fields) => new(4012) { Fields = fields };

    public JsonObject ToJson()
    {
        var message = new JsonObject { ["status_code"] = Code, ["type"] = Type };
        if (Field is not null)
            message["field"] = Field;
        if (Fields is not null)
            message["fields"] = new JsonArray([.. Fields.Select(field => (JsonNode)field)]);
        if (Message is not null)
            message["message"] = Message;
        return message;
    }
}

/// <summary>Ends a call with ServiceDesk Plus's error body.</summary>
internal sealed class SdpError(int httpStatus, params IEnumerable<Problem> problems) : Exception
{
    public IReadOnlyList<Problem> Problems { get; } = [.. problems];

    public Answer Answer => Hosting.Answer.Json(
        new JsonObject
        {
            ["response_status"] = new JsonObject
            {
                ["status_code"] = 4000,
                ["messages"] = new JsonArray([.. Problems.Select(problem => problem.ToJson())]),
                ["status"] = "failed",
            },
        },
        httpStatus);

    public static SdpError Bad(Problem problem) => new(400, problem);

    public static SdpError NotFound(string message = "Invalid URL") => new(404, new Problem(4007, null, message));

    public static SdpError Forbidden(string? field = null, string message = "User does not have this permission") =>
        new(403, new Problem(4002, field, message));
}

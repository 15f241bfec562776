using System.Text.Json.Nodes;

namespace Sidecar.Tests.Faults.Rows;

/// <summary>Answers as the instance writes them.</summary>
internal static class Bodies
{
    /// <summary>The two shapes in which response_status comes.</summary>
    public static readonly IReadOnlyList<string> Shapes = ["object", "array"];

    /// <summary>An answer that is nothing but its status.</summary>
    /// <param name="shape">One of <see cref="Shapes"/>.</param>
    /// <param name="status">The status code above the messages.</param>
    /// <param name="word">The same in a word.</param>
    /// <param name="codes">Codes of the messages.</param>
    public static string Status(string shape, int status, string word, params int[] codes)
    {
        var messages = new JsonArray([.. codes.Select(code => new JsonObject { ["status_code"] = code, ["type"] = word, ["field"] = "subject" })]);
        var one = new JsonObject { ["status_code"] = status, ["status"] = word };
        if (codes.Length > 0) one["messages"] = messages;
        return new JsonObject { ["response_status"] = shape == "array" ? new JsonArray(one) : one }.ToJsonString();
    }
}

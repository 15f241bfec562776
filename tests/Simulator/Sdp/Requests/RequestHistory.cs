using System.Text.Json.Nodes;
using Sidecar.Simulator.Sdp.Records;
using Sidecar.Simulator.Sdp.Wire;

namespace Sidecar.Simulator.Sdp.Requests;

/// <summary>Who did what to a request.</summary>
internal static class RequestHistory
{
    public static void Write(ApiCall call, JsonObject record, string operation, string description, JsonArray? diff = null) =>
        Write(call.Instance, record, call.User, call.Now, operation, description, diff);

    public static void Write(
        Instance instance, JsonObject record, JsonObject by, long time, string operation, string description, JsonArray? diff = null) =>
        instance.Table($"requests/{record["id"]}/history").Add(new JsonObject
        {
            ["id"] = instance.NextId(),
            ["by"] = References.To(by),
            ["time"] = Times.Stamp(time),
            ["operation"] = operation,
            ["description"] = description,
            ["diff"] = diff ?? [],
        });

    /// <summary>Both sides as text; an empty one is the text "null", as Cloud writes it.</summary>
    public static JsonArray Diff(JsonObject before, JsonObject after)
    {
        var diff = new JsonArray();
        foreach (var (name, value) in after)
        {
            var (old, now) = (Values.Comparable(before[name]) ?? "null", Values.Comparable(value) ?? "null");
            if (name is not ("last_updated_time" or "is_overdue" or "is_first_response_overdue") && old != now)
                diff.Add(new JsonObject
                {
                    ["field"] = new JsonObject { ["name"] = name },
                    ["previous_value"] = old,
                    ["current_value"] = now,
                });
        }

        return diff;
    }
}

using System.Text.Json.Nodes;

namespace Sidecar.Simulator.Sdp.Records;

/// <summary>How a record looks inside another one.</summary>
internal static class References
{
    private static readonly string[] Members =
    [
        "email_id", "phone", "mobile", "is_vipuser", "is_technician", "photo_url", "color", "internal_name", "in_progress", "stop_timer",
        "is_service_template", "deleted", "id", "name",
    ];

    public static JsonObject To(JsonObject record)
    {
        var reference = new JsonObject();
        foreach (var member in Members)
            if (record.TryGetPropertyValue(member, out var value))
                reference[member] = value?.DeepClone();
        return reference;
    }

    /// <summary>A copy without what is the simulator's own business.</summary>
    public static JsonObject Public(JsonObject record)
    {
        var copy = new JsonObject();
        foreach (var (name, value) in record)
            if (!name.StartsWith('_'))
                copy[name] = value?.DeepClone();
        return copy;
    }
}

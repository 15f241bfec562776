using System.Text.Json.Nodes;
using Sidecar.Simulator.Hosting;
using Sidecar.Simulator.Sdp.Routes;
using Sidecar.Simulator.Sdp.Wire;

namespace Sidecar.Simulator.Sdp.Requests;

/// <summary>PUT …/_merge_requests: the others' notes and mails move here, and the others are gone for good.</summary>
internal static class RequestMerging
{
    public static Answer Merge(ApiCall call)
    {
        var record = RequestRecord.Editable(call);
        var requests = call.Instance.Table("requests");
        List<JsonObject> others = [];
        foreach (var one in ArrayOf(call, "merge_requests"))
        {
            var id = one["id"]?.ToString() ?? "";
            if (id == call["id"] || requests.Find(id) is not { } other || RequestRecord.Is(other, "is_trashed"))
                throw SdpError.Bad(Problem.Unknown("merge_requests"));
            others.Add(other);
        }

        foreach (var other in others)
        {
            foreach (var child in new[] { "notes", "notifications", "worklogs", "tasks" })
                foreach (var row in call.Instance.Table($"requests/{other["id"]}/{child}").Rows)
                    call.Instance.Table($"requests/{record["id"]}/{child}").Add(row.DeepClone().AsObject());
            requests.Remove((string)other["id"]!);
            RequestHistory.Write(call, record, "MERGE", $"Request {other["display_id"]} merged into this");
        }

        RequestRecord.Touch(call, record);
        return RequestRoutes.Show(call, record);
    }

    /// <summary>The objects of an input_data that is nothing but {"key": [{…}, …]}.</summary>
    public static IReadOnlyList<JsonObject> ArrayOf(ApiCall call, string key)
    {
        foreach (var (name, _) in call.Input)
            if (name != key)
                throw SdpError.Bad(Problem.ExtraKey(name));
        if (call.Input[key] is not JsonArray { Count: > 0 } array)
            throw SdpError.Bad(Problem.Missing(key));
        return [.. array.Select(item => item as JsonObject ?? throw SdpError.Bad(new Problem(4001, key, "EXTRA_VALUE_FOUND_IN_JSONARRAY")))];
    }
}

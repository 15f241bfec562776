using System.Text.Json.Nodes;
using Sidecar.Simulator.Hosting;
using Sidecar.Simulator.Sdp.Requests;
using Sidecar.Simulator.Sdp.Wire;

namespace Sidecar.Simulator.Sdp.Routes;

/// <summary>Links between requests, and from requests to problems and changes.</summary>
internal static class LinkRoutes
{
    public static IEnumerable<Route> All =>
    [
        .. RequestRoutes.Spelled("GET", "link_requests", List, switches => switches.LinkPath),
        .. RequestRoutes.Spelled("POST", "link_requests", Link, switches => switches.LinkPath),
        .. RequestRoutes.Spelled("DELETE", "link_requests", Unlink, switches => switches.LinkPath),
        new("DELETE", "/requests/{id}/link_requests/{link}", "requests", UnlinkOne) { When = s => s.LinkPath != PathSpelling.Underscore },
        .. Association("problem", "request_problem_association", "problems", "problem", "has_problem"),
        .. Association("request_initiated_change", "request_initiated_change", "changes", "change", "has_request_initiated_change"),
        .. Association("request_caused_by_change", "request_caused_by_change", "changes", "change", "has_request_caused_by_change"),
    ];

    private static string Path(string id) => $"requests/{id}/link_requests";

    private static Answer List(ApiCall call)
    {
        // This one list takes no input_data at all.
        if (call.HasInput)
            throw SdpError.Bad(new Problem(4001, "input_data", "EXTRA_PARAM_FOUND"));
        RequestRecord.Find(call);
        var rows = call.Instance.Table(Path(call["id"])).Rows;
        return Envelope.Many("link_requests", new JsonArray([.. rows.Select(row => row.DeepClone())]), new JsonObject
        {
            ["has_more_rows"] = false,
            ["start_index"] = 1,
            ["row_count"] = rows.Count,
        });
    }

    private static List<JsonObject> Targets(ApiCall call)
    {
        List<JsonObject> targets = [];
        foreach (var one in RequestMerging.ArrayOf(call, "link_requests"))
        {
            var id = one["linked_request"]?["id"]?.ToString() ?? "";
            if (id == call["id"] || call.Instance.Table("requests").Find(id) is not { } target)
                throw SdpError.Bad(Problem.Unknown("linked_request"));
            targets.Add(target);
        }

        return targets;
    }

    private static Answer Link(ApiCall call)
    {
        var request = RequestRecord.Editable(call);
        var targets = Targets(call);
        foreach (var target in targets)
            if (LinkTo(call, call["id"], (string)target["id"]!) is not null)
                throw SdpError.Bad(new Problem(4008, "linked_request"));
        foreach (var target in targets)
        {
            Add(call, request, target);
            Add(call, target, request);
        }

        RequestRecord.Touch(call, request);
        return Envelope.Done();
    }

    private static void Add(ApiCall call, JsonObject from, JsonObject to)
    {
        call.Instance.Table(Path((string)from["id"]!)).Add(new JsonObject
        {
            ["id"] = call.Instance.NextId(),
            ["comments"] = null,
            ["linked_request"] = new JsonObject
            {
                ["id"] = to["id"]!.DeepClone(),
                ["display_id"] = to["display_id"]!.DeepClone(),
                ["subject"] = to["subject"]?.DeepClone(),
            },
        });
        from["has_linked_requests"] = true;
    }

    private static Answer Unlink(ApiCall call)
    {
        var request = RequestRecord.Editable(call);
        foreach (var target in Targets(call))
            if (!Remove(call, call["id"], (string)target["id"]!))
                throw SdpError.Bad(Problem.Unknown("linked_request"));
        RequestRecord.Touch(call, request);
        return Envelope.Done();
    }

    private static Answer UnlinkOne(ApiCall call)
    {
        var request = RequestRecord.Editable(call);
        var link = call.Instance.Table(Path(call["id"])).Get(call["link"]);
        Remove(call, call["id"], (string)link["linked_request"]!["id"]!);
        RequestRecord.Touch(call, request);
        return Envelope.Done();
    }

    private static bool Remove(ApiCall call, string from, string to)
    {
        if (LinkTo(call, from, to) is not { } there)
            return false;
        call.Instance.Table(Path(from)).Remove((string)there["id"]!);
        if (LinkTo(call, to, from) is { } back)
            call.Instance.Table(Path(to)).Remove((string)back["id"]!);
        foreach (var id in new[] { from, to })
            if (call.Instance.Table("requests").Find(id) is { } request)
                request["has_linked_requests"] = call.Instance.Table(Path(id)).Rows.Count > 0;
        return true;
    }

    private static JsonObject? LinkTo(ApiCall call, string from, string to) =>
        call.Instance.Table(Path(from)).Rows.FirstOrDefault(row => (string?)row["linked_request"]!["id"] == to);

    private static IEnumerable<Route> Association(string path, string key, string table, string member, string flag)
    {
        Answer Set(ApiCall call, bool on)
        {
            var request = RequestRecord.Editable(call);
            foreach (var (name, _) in call.Input)
                if (name != key)
                    throw SdpError.Bad(Problem.ExtraKey(name));
            var id = call.Input[key]?[member]?["id"]?.ToString() ?? throw SdpError.Bad(Problem.Missing(member));
            if (call.Instance.Table(table).Find(id) is not { } other)
                throw SdpError.Bad(Problem.Unknown(member));
            request["_" + path] = on ? other["id"]!.DeepClone() : null;
            request[flag] = on;
            RequestRecord.Touch(call, request);
            return on ? Envelope.One(key, new JsonObject { [member] = Records.References.Public(other) }) : Envelope.Done();
        }

        yield return new("GET", $"/requests/{{id}}/{path}", "requests", call =>
        {
            var id = RequestRecord.Find(call)["_" + path]?.ToString() ?? "";
            return Envelope.One(member, call.Instance.Table(table).Find(id) is { } other ? Records.References.Public(other) : null);
        });
        yield return new("POST", $"/requests/{{id}}/{path}", "requests", call => Set(call, true));
        yield return new("DELETE", $"/requests/{{id}}/{path}", "requests", call => Set(call, false));
    }
}

using System.Text.Json.Nodes;
using Sidecar.Simulator.Hosting;
using Sidecar.Simulator.Sdp.Lists;
using Sidecar.Simulator.Sdp.Records;
using Sidecar.Simulator.Sdp.Requests;
using Sidecar.Simulator.Sdp.Wire;

namespace Sidecar.Simulator.Sdp.Routes;

/// <summary>Requests themselves and what is done to them as a whole.</summary>
internal static class RequestRoutes
{
    public static IEnumerable<Route> All =>
    [
        new("GET", "/requests", "requests", List),
        new("GET", "/requests/{id}", "requests", call => Show(call, RequestRecord.Find(call))),
        new("POST", "/requests", "requests", Create),
        new("PUT", "/requests/{id}", "requests", Update),
        new("DELETE", "/requests/{id}", "requests", Delete),
        new("DELETE", "/requests/{id}/move_to_trash", "requests", Trash),
        new("PUT", "/requests/{id}/restore_from_trash", "requests", Restore),
        .. Spelled("PUT", "close", RequestClosing.Close, switches => switches.ClosePath),
        .. Spelled("PUT", "assign", Assign, switches => switches.AssignPath),
        new("PUT", "/requests/{id}/pickup", "requests", PickUp),
        .. Spelled("GET", "history", call => Lister.Answer(call, "history", Children(call, "history")), switches => switches.HistoryPath),
        .. Spelled("PUT", "merge_requests", RequestMerging.Merge, switches => switches.MergePath),
        new("GET", "/requests/{id}/summary", "requests", Summary),
        new("GET", "/requests/{id}/_links", "requests", Links),
    ];

    /// <summary>One operation below a request whose path comes with and without an underscore.</summary>
    public static IEnumerable<Route> Spelled(string method, string name, Func<ApiCall, Answer> handle, Func<InstanceSwitches, PathSpelling> spelling) =>
    [
        new(method, $"/requests/{{id}}/{name}", "requests", handle) { When = switches => spelling(switches) != PathSpelling.Underscore },
        new(method, $"/requests/{{id}}/_{name}", "requests", handle) { When = switches => spelling(switches) != PathSpelling.Plain },
    ];

    public static IReadOnlyList<JsonObject> Children(ApiCall call, string name) => call.Table($"/requests/{{id}}/{name}").Rows;

    public static Answer Show(ApiCall call, JsonObject record)
    {
        RequestRecord.Refresh(call, record);
        return Envelope.One("request", Lister.Project(record, null, call.Switches));
    }

    private static Answer List(ApiCall call)
    {
        var rows = call.Instance.Table("requests").Rows.Where(row => !RequestRecord.Is(row, "is_trashed")).ToList();
        foreach (var row in rows)
            RequestRecord.Refresh(call, row);
        // Newest first, unless asked otherwise.
        return Lister.Answer(call, "requests", rows.AsEnumerable().Reverse(), RequestEntity.Request.Columns, RequestEntity.Request.Fields.Keys);
    }

    private static Answer Create(ApiCall call)
    {
        var body = RequestEntity.Request.Unwrap(call);
        var templates = call.Instance.Table("request_templates");
        var wanted = body["template"] as JsonObject;
        var template = (wanted?["id"]?.ToString() is { } id ? templates.Find(id) : wanted?["name"]?.ToString() is { } name ? templates.Named(name) : null)
                       ?? templates.Rows[0];
        var mandatory = template["_mandatory"]!.AsArray().Select(field => (string)field!);
        var values = RequestEntity.Request.Read(call, null, mandatory);
        var record = RequestRecord.New(call.Instance, template, call.User, call.Now);
        if (values["requester"] is null)
            values["requester"] = References.To(call.User);
        RequestRules.Apply(call, record, values);
        record["last_updated_time"] = null;
        record["due_by_time"] ??= Times.Stamp(call.Now + (48 * 3600_000L));
        record["first_response_due_by_time"] ??= Times.Stamp(call.Now + (4 * 3600_000L));
        call.Instance.Table("requests").Add(record);
        call.Instance.Table($"requests/{record["id"]}/history").Rows[^1]["operation"] = "CREATE";
        call.Changed($"requests/{record["id"]}");
        return Show(call, record);
    }

    private static Answer Update(ApiCall call)
    {
        var record = RequestRecord.Editable(call);
        RequestRules.Apply(call, record, RequestEntity.Request.Read(call, record));
        return Show(call, record);
    }

    private static Answer Delete(ApiCall call)
    {
        var record = RequestRecord.Find(call);
        if (call.Switches.DeleteIsTrash && !RequestRecord.Is(record, "is_trashed"))
            return Trash(call);
        call.Instance.Table("requests").Remove(call["id"]);
        call.Changed($"requests/{call["id"]}");
        return Envelope.Done();
    }

    private static Answer Trash(ApiCall call)
    {
        var record = RequestRecord.Editable(call);
        record["is_trashed"] = true;
        record["deleted_time"] = Times.Stamp(call.Now);
        RequestRecord.Touch(call, record);
        return Envelope.Done();
    }

    private static Answer Restore(ApiCall call)
    {
        if (call.Exchange.Form.Count > 0 || call.Exchange.Body.Length > 0)
            throw SdpError.Bad(new Problem(4001, null, "Extra parameter(s) not allowed"));
        var record = RequestRecord.Find(call);
        if (!RequestRecord.Is(record, "is_trashed"))
            throw SdpError.Bad(new Problem(4001, null, "Not in trash"));
        record["is_trashed"] = false;
        record["deleted_time"] = null;
        RequestRecord.Touch(call, record);
        return Envelope.Done();
    }

    private static Answer Assign(ApiCall call)
    {
        var record = RequestRecord.Editable(call);
        var values = RequestEntity.Request.Read(call, record);
        foreach (var (name, _) in values)
            if (name is not ("technician" or "group"))
                throw SdpError.Bad(Problem.ExtraKey(name));
        RequestRules.Apply(call, record, values);
        return Envelope.Done("Request(s) assigned");
    }

    private static Answer PickUp(ApiCall call)
    {
        var record = RequestRecord.Editable(call);
        var values = new JsonObject { ["technician"] = References.To(call.User) };
        if (record["group"]?["id"] is { } group && !Groups.Has(call.Instance, (string)call.User["id"]!, (string)group!))
            values["group"] = null;
        RequestRules.Apply(call, record, values);
        return Envelope.Done("Request(s) picked up");
    }

    private static Answer Summary(ApiCall call)
    {
        RequestRecord.Find(call);
        return Envelope.One("summary", new JsonObject(
            new[] { "notes", "notifications", "tasks", "worklogs", "approval_levels", "reminders" }.Select(name =>
                KeyValuePair.Create($"{name}_count", (JsonNode?)Children(call, name).Count))));
    }

    private static Answer Links(ApiCall call)
    {
        var record = RequestRecord.Find(call);
        var open = !RequestRecord.IsClosed(record);
        JsonObject Link(string name, string method) => new() { ["name"] = name, ["method"] = method, ["non_editable_fields"] = new JsonArray() };
        var links = new JsonArray(Link("self", "get"), Link("edit", "put"), Link("notes", "post"), Link("reply", "post"));
        if (open)
            foreach (var name in new[] { "close", "pickup", "assign", "merge" })
                links.Add(Link(name, "put"));
        return Envelope.One("_links", links);
    }
}

using System.Text.Json.Nodes;
using Sidecar.Simulator.Hosting;
using Sidecar.Simulator.Sdp.Records;
using Sidecar.Simulator.Sdp.Requests;
using Sidecar.Simulator.Sdp.Wire;

namespace Sidecar.Simulator.Sdp.Routes;

/// <summary>What hangs below a request: notes, tasks, worklogs, reminders, checklists, its resolution.</summary>
internal static class ChildRoutes
{
    private static readonly Entity Note = new("request_note", "notes", "requests", new()
    {
        ["description"] = Rules.Html,
        ["show_to_requester"] = Rules.Flag,
        ["notify_technician"] = Rules.Flag,
        ["mark_first_response"] = Rules.Flag,
        ["add_to_linked_requests"] = Rules.Flag,
    })
    {
        Mandatory = ["description"],
        Keys = switches => switches.NoteKey switch
        {
            NoteKey.Note => ["note"],
            NoteKey.Both => ["request_note", "note"],
            _ => ["request_note"],
        },
    };

    public static Entity Task { get; } = new("task", "tasks", "requests", new()
    {
        ["title"] = Rules.Text(250),
        ["description"] = Rules.Html,
        ["owner"] = Rules.Person("technicians"),
        ["group"] = Rules.Lookup("support_groups"),
        ["status"] = Rules.Lookup("statuses"),
        ["priority"] = Rules.Lookup("priorities"),
        ["task_type"] = Rules.Lookup("task_types"),
        ["scheduled_start_time"] = Rules.Time,
        ["scheduled_end_time"] = Rules.Time,
        ["actual_start_time"] = Rules.Time,
        ["actual_end_time"] = Rules.Time,
        ["percentage_completion"] = Rules.Whole,
        ["estimated_effort_days"] = Rules.NumberAsText,
        ["estimated_effort_hours"] = Rules.NumberAsText,
        ["estimated_effort_minutes"] = Rules.NumberAsText,
        ["additional_cost"] = Rules.NumberAsText,
        ["email_before"] = Rules.NumberAsText,
        ["template"] = Rules.Anything,
    })
    {
        Mandatory = ["title"],
        Ordered = [("scheduled_start_time", "scheduled_end_time"), ("actual_start_time", "actual_end_time")],
    };

    private static readonly Entity Worklog = new("worklog", "worklogs", "requests", new()
    {
        ["owner"] = Rules.Person("technicians"),
        ["description"] = Rules.Html,
        ["start_time"] = Rules.Time,
        ["end_time"] = Rules.Time,
        ["recorded_time"] = Rules.Time,
        ["time_spent"] = Rules.Nested(new() { ["hours"] = Rules.NumberAsText, ["minutes"] = Rules.NumberAsText }),
        ["mark_first_response"] = Rules.Flag,
        ["include_nonoperational_hours"] = Rules.Flag,
        ["tech_charge"] = Rules.Nested(new() { ["value"] = Rules.NumberAsText }),
        ["other_charge"] = Rules.Nested(new() { ["value"] = Rules.NumberAsText }),
        ["worklog_type"] = Rules.Lookup("worklog_types"),
    })
    {
        Mandatory = ["owner"],
        Ordered = [("start_time", "end_time")],
    };

    private static readonly Entity Reminder = new("reminder", "reminders", "requests", new()
    {
        ["summary"] = Rules.Text(250),
        ["date"] = Rules.Time,
        ["remind_before"] = Rules.Nested(new() { ["minutes"] = Rules.NumberAsText, ["hours"] = Rules.NumberAsText }),
    })
    {
        Mandatory = ["summary", "date"],
    };

    private static readonly Entity Checklist = new("checklist", "checklists", "requests", new() { ["name"] = Rules.Text(250), ["description"] = Rules.Text() })
    {
        Mandatory = ["name"],
    };

    private static readonly Entity ChecklistItem = new("checklist_item", "checklistitems", "requests", new()
    {
        ["name"] = Rules.Text(250),
        ["is_completed"] = Rules.Flag,
        ["cl_value"] = Rules.Anything,
    });

    private static readonly Entity Resolution = new("resolution", "resolutions", "requests", new()
    {
        ["content"] = Rules.Html,
        ["add_to_linked_requests"] = Rules.Flag,
    })
    {
        Mandatory = ["content"],
    };

    public static IEnumerable<Route> All =>
    [
        .. Crud.Of(Note, "/requests/{id}/notes", NoteAdded, (call, _, _) => Touch(call), NoteRow),
        .. Crud.Of(Task, "/requests/{id}/tasks", (call, task) => StartTask(call, task)),
        .. Crud.Of(Task, "/tasks", StartTask),
        .. Crud.Of(Worklog, "/requests/{id}/worklogs", WorklogAdded),
        .. Crud.Of(Worklog, "/requests/{id}/tasks/{tid}/worklogs"),
        .. Crud.Of(Reminder, "/requests/{id}/reminders"),
        .. Crud.Of(Checklist, "/requests/{id}/checklists").Select(route => route.At(Edition.Cloud)),
        .. Crud.Of(ChecklistItem, "/requests/{id}/checklists/{cid}/checklistitems").Select(route => route.At(Edition.Cloud)),
        new("GET", "/requests/{id}/resolutions", "requests", call => Envelope.One("resolution", RequestRecord.Find(call)["resolution"]?.DeepClone())),
        new("POST", "/requests/{id}/resolutions", "requests", Resolve),
        new("PUT", "/requests/{id}/resolutions", "requests", Resolve),
    ];

    private static JsonObject Touch(ApiCall call)
    {
        var request = RequestRecord.Editable(call);
        RequestRecord.Touch(call, request);
        return request;
    }

    private static void NoteAdded(ApiCall call, JsonObject note)
    {
        var request = Touch(call);
        request["has_notes"] = true;
        foreach (var flag in new[] { "show_to_requester", "notify_technician", "mark_first_response", "add_to_linked_requests" })
            note[flag] ??= false;
        note["added_by"] = References.To(call.User);
        note["added_time"] = Times.Stamp(call.Now);
        if (note["mark_first_response"]!.GetValue<bool>())
            RequestRecord.Responded(call, request);
        RequestHistory.Write(call, request, "NOTE_ADDED", "Note added");
    }

    private static JsonObject NoteRow(ApiCall call, JsonObject note)
    {
        if (call.Switches.NoteDescriptionsInLists)
            return note;
        var row = note.DeepClone().AsObject();
        row.Remove("description");
        return row;
    }

    private static void StartTask(ApiCall call, JsonObject task)
    {
        task["status"] ??= References.To(call.Instance.Table("statuses").Named("Open")!);
        task["percentage_completion"] ??= 0;
        if (call.Route.Template.StartsWith("/requests/", StringComparison.Ordinal))
            task["request"] = new JsonObject { ["id"] = Touch(call)["id"]!.DeepClone() };
    }

    private static void WorklogAdded(ApiCall call, JsonObject worklog)
    {
        var request = Touch(call);
        if (worklog["mark_first_response"]?.GetValue<bool>() == true)
            RequestRecord.Responded(call, request);
    }

    private static Answer Resolve(ApiCall call)
    {
        var request = RequestRecord.Editable(call);
        var values = Resolution.Read(call, request["resolution"] as JsonObject);
        RequestRules.Apply(call, request, new JsonObject { ["resolution"] = values });
        return Envelope.One("resolution", request["resolution"]!.DeepClone());
    }
}

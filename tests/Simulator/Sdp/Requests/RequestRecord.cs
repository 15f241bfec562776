using System.Text.Json.Nodes;
using Sidecar.Simulator.Sdp.Records;
using Sidecar.Simulator.Sdp.Wire;

namespace Sidecar.Simulator.Sdp.Requests;

/// <summary>A request with all its members, and the few facts about it that others ask for.</summary>
internal static class RequestRecord
{
    private static readonly string[] Unset =
    [
        "subject", "description", "requester", "technician", "group", "priority", "urgency", "impact", "impact_details",
        "level", "mode", "request_type", "site", "department", "category", "subcategory", "item", "service_category", "sla", "due_by_time",
        "first_response_due_by_time", "scheduled_start_time", "scheduled_end_time", "responded_time", "resolved_time", "completed_time",
        "assigned_time", "deleted_time", "onhold_time", "last_updated_time", "resolution", "onhold_scheduler",
        "linked_to_request", "approval_status", "cancel_flag_comments", "time_elapsed",
    ];

    private static readonly string[] Flags =
    [
        "has_draft", "has_notes", "has_attachments", "has_linked_requests", "has_problem", "has_project", "has_purchase_orders",
        "has_request_initiated_change", "has_request_caused_by_change", "has_resolution_attachments", "is_service_request", "is_overdue",
        "is_first_response_overdue", "is_trashed", "is_reopened", "is_fcr", "cancellation_requested",
    ];

    public static JsonObject New(Instance instance, JsonObject template, JsonObject createdBy, long now)
    {
        var id = instance.NextId();
        var record = new JsonObject { ["id"] = id, ["display_id"] = instance.Switches.NumbersApart ? instance.NextDisplayId() : id };
        foreach (var name in Unset)
            record[name] = null;
        foreach (var name in Flags)
            record[name] = false;
        foreach (var name in new[] { "email_ids_to_notify", "email_to", "email_cc", "attachments" })
            record[name] = new JsonArray();
        record["udf_fields"] = new JsonObject(RequestEntity.Udf.Fields.Keys.Select(name => KeyValuePair.Create(name, (JsonNode?)null)));
        record["closure_info"] = new JsonObject(RequestEntity.ClosureInfo.Fields.Keys.Select(name => KeyValuePair.Create(name, (JsonNode?)null)));
        record["unreplied_count"] = "0";
        record["template"] = References.To(template);
        record["created_by"] = References.To(createdBy);
        record["created_time"] = Times.Stamp(now);
        record["status"] = References.To(instance.Table("statuses").Named("Open")!);
        return record;
    }

    public static JsonObject Find(ApiCall call)
    {
        var record = call.Instance.Table("requests").Get(call["id"]);
        Refresh(call, record);
        return record;
    }

    /// <summary>For writes: a request in the trash can be restored or removed and nothing else.</summary>
    public static JsonObject Editable(ApiCall call)
    {
        var record = Find(call);
        return Is(record, "is_trashed") ? throw SdpError.Forbidden(null, "Request is in trash") : record;
    }

    /// <summary>What depends on the time of asking.</summary>
    public static void Refresh(ApiCall call, JsonObject record)
    {
        if (record["onhold_time"] is not null
            && Times.Of(record["onhold_scheduler"]?["scheduled_time"]) <= call.Now
            && record["onhold_scheduler"]?["change_to_status"] is JsonObject next)
        {
            RequestRules.SetStatus(call, record, next);
            record["onhold_scheduler"] = null;
        }

        record["is_overdue"] = InProgress(record) && Times.Of(record["due_by_time"]) < call.Now;
        record["is_first_response_overdue"] =
            record["responded_time"] is null && InProgress(record) && Times.Of(record["first_response_due_by_time"]) < call.Now;
    }

    public static bool Is(JsonObject record, string flag) => record[flag]?.GetValue<bool>() == true;

    public static bool InProgress(JsonObject record) => Is(record["status"]!.AsObject(), "in_progress");

    public static bool IsClosed(JsonObject record) => (string?)record["status"]!["internal_name"] is "Closed";

    public static bool HasResolution(JsonObject record) => !string.IsNullOrWhiteSpace(record["resolution"]?["content"]?.ToString());

    public static void Touch(ApiCall call, JsonObject record)
    {
        record["last_updated_time"] = Times.Stamp(call.Now);
        call.Changed($"requests/{record["id"]}");
    }

    /// <summary>The technician has answered the requester for the first time.</summary>
    public static void Responded(ApiCall call, JsonObject record) => record["responded_time"] ??= Times.Stamp(call.Now);
}

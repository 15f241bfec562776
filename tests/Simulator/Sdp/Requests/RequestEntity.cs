using Sidecar.Simulator.Sdp.Records;
using Sidecar.Simulator.Sdp.Wire;

namespace Sidecar.Simulator.Sdp.Requests;

/// <summary>The fields of a request and of its two inner records.</summary>
internal static class RequestEntity
{
    public static Entity ClosureInfo { get; } = new("closure_info", "closure_info", "requests", new()
    {
        ["closure_code"] = ClosureCode,
        ["closure_comments"] = Rules.Text(250),
        ["requester_ack_resolution"] = Rules.Flag,
        ["requester_ack_comments"] = Rules.Text(),
    });

    public static Entity Udf { get; } = new("udf_fields", "udf_fields", "setup", new()
    {
        ["udf_char1"] = Rules.Text(250),
        ["udf_char2"] = Rules.Choice("Laptop", "Desktop", "Phone", "None"),
        ["udf_date1"] = Rules.Date,
        ["udf_long1"] = Rules.Whole,
        ["udf_multiselect1"] = Rules.Choices("Berlin", "London", "Madrid", "Remote"),
    });

    public static Entity Request { get; } = new("request", "requests", "requests", new()
    {
        ["subject"] = Rules.Text(250),
        ["description"] = Rules.Html,
        ["requester"] = Rules.Person("requesters", "technicians"),
        ["on_behalf_of"] = Rules.Person("requesters", "technicians"),
        ["technician"] = Rules.Person("technicians"),
        ["group"] = Rules.Lookup("support_groups"),
        ["status"] = Rules.Lookup("statuses"),
        ["priority"] = Rules.Lookup("priorities"),
        ["urgency"] = Rules.Lookup("urgencies"),
        ["impact"] = Rules.Lookup("impacts"),
        ["impact_details"] = Rules.Text(250),
        ["level"] = Rules.Lookup("levels"),
        ["mode"] = Rules.Lookup("modes"),
        ["request_type"] = Rules.Lookup("request_types"),
        ["site"] = Rules.Lookup("sites"),
        ["department"] = Rules.Lookup("departments"),
        ["category"] = Rules.Lookup("categories"),
        ["subcategory"] = Rules.Lookup("subcategories"),
        ["item"] = Rules.Lookup("items"),
        ["service_category"] = Rules.Lookup("service_categories"),
        ["template"] = Rules.Lookup("request_templates"),
        ["sla"] = Rules.Lookup("slas"),
        ["due_by_time"] = Rules.Time,
        ["first_response_due_by_time"] = Rules.Time,
        ["scheduled_start_time"] = Rules.Time,
        ["scheduled_end_time"] = Rules.Time,
        ["udf_fields"] = Rules.Nested(Udf.Fields),
        ["resolution"] = Rules.Nested(new()
        {
            ["content"] = Rules.Html,
            ["add_to_linked_requests"] = Rules.Flag,
            ["resolution_attachments"] = Rules.Anything,
        }),
        ["closure_info"] = Rules.Nested(ClosureInfo.Fields),
        ["onhold_scheduler"] = Rules.Nested(new()
        {
            ["change_to_status"] = Rules.Lookup("statuses"),
            ["scheduled_time"] = Rules.Time,
            ["comments"] = Rules.Text(),
            ["held_by"] = Rules.ReadOnly,
        }),
        ["status_change_comments"] = Rules.Text(),
        ["update_reason"] = Rules.Text(),
        ["email_ids_to_notify"] = Rules.Addresses,
        ["is_fcr"] = Rules.Flag,
        ["assets"] = Rules.Anything,
        ["attachments"] = Rules.Anything,
        ["tags"] = Rules.Tags,
        ["editor"] = Rules.Person("technicians"),
        ["created_by"] = Rules.NonEditable,
        ["id"] = Rules.ReadOnly,
        ["display_id"] = Rules.ReadOnly,
        ["created_time"] = Rules.ReadOnly,
        ["last_updated_time"] = Rules.ReadOnly,
        ["responded_time"] = Rules.ReadOnly,
        ["resolved_time"] = Rules.ReadOnly,
        ["completed_time"] = Rules.ReadOnly,
        ["assigned_time"] = Rules.ReadOnly,
        ["deleted_time"] = Rules.ReadOnly,
        ["onhold_time"] = Rules.ReadOnly,
        ["is_overdue"] = Rules.ReadOnly,
        ["is_trashed"] = Rules.ReadOnly,
        ["is_service_request"] = Rules.ReadOnly,
        ["approval_status"] = Rules.ReadOnly,
        ["has_notes"] = Rules.ReadOnly,
        ["has_attachments"] = Rules.ReadOnly,
        ["time_elapsed"] = Rules.ReadOnly,
    })
    {
        Mandatory = ["subject"],
        Columns =
        [
            "requester", "template", "created_time", "has_draft", "cancel_flag_comments", "display_id", "subject", "technician", "due_by_time",
            "is_service_request", "cancellation_requested", "has_notes", "id", "status", "group",
        ],
        Ordered = [("scheduled_start_time", "scheduled_end_time")],
    };

    private static Rule ClosureCode => (place, given) =>
        given is not null && !place.Call.Switches.ClosureCodesConfigured
            ? place.Reject(Problem.Unknown("closure_code"))
            : Rules.Lookup("closure_codes")(place, given);
}

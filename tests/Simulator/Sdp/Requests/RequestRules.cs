using System.Text.Json.Nodes;
using Sidecar.Simulator.Sdp.Records;
using Sidecar.Simulator.Sdp.Routes;
using Sidecar.Simulator.Sdp.Wire;

namespace Sidecar.Simulator.Sdp.Requests;

/// <summary>What may be changed on a request, and what changes along with it.</summary>
internal static class RequestRules
{
    private static readonly string[] FrozenWhenClosed = ["priority", "urgency", "impact", "category", "subcategory", "item", "level", "mode", "technician", "group"];

    public static void Apply(ApiCall call, JsonObject record, JsonObject values)
    {
        var before = record.DeepClone().AsObject();
        Consistent(call, record, values);
        var status = values["status"]?.AsObject();
        values.Remove("status");
        if (RequestRecord.IsClosed(record) && status is null)
            foreach (var name in FrozenWhenClosed)
                if (values.ContainsKey(name))
                    throw SdpError.Forbidden(name, $"Cannot give value for {name}");

        Crud.Merge(record, values);
        if (record["resolution"] is JsonObject { } resolution && values["resolution"] is not null)
        {
            resolution["submitted_on"] = Times.Stamp(call.Now);
            resolution["submitted_by"] = References.To(call.User);
        }

        if (values["technician"] is not null)
            record["assigned_time"] = Times.Stamp(call.Now);
        if (status is not null && MayBecome(call, record, status))
            SetStatus(call, record, status);
        RequestRecord.Touch(call, record);
        RequestHistory.Write(call, record, "UPDATE", "Request updated", RequestHistory.Diff(before, record));
    }

    public static void SetStatus(ApiCall call, JsonObject record, JsonObject status)
    {
        var was = RequestRecord.InProgress(record);
        record["status"] = status.DeepClone();
        var name = (string?)status["internal_name"];
        record["onhold_time"] = name == "Onhold" ? Times.Stamp(call.Now) : null;
        if (name is "Resolved" or "Closed")
            record["resolved_time"] ??= Times.Stamp(call.Now);
        if (!RequestRecord.InProgress(record) && name is not "Resolved")
            record["completed_time"] ??= Times.Stamp(call.Now);
        if (RequestRecord.InProgress(record))
        {
            if (!was)
                record["is_reopened"] = true;
            record["resolved_time"] = null;
            record["completed_time"] = null;
        }
    }

    /// <summary>An instance that lies answers 2000 and leaves the status as it was; an honest one says what is missing.</summary>
    private static bool MayBecome(ApiCall call, JsonObject record, JsonObject status)
    {
        List<string> missing = [];
        switch ((string?)status["internal_name"])
        {
            case "Resolved" when !RequestRecord.HasResolution(record):
                missing.Add("resolution");
                break;
            case "Closed":
                if (call.Switches.ResolutionNeededToClose && !RequestRecord.HasResolution(record))
                    missing.Add("resolution");
                if (call.Switches.ClosureCodesConfigured && record["closure_info"]?["closure_code"] is null)
                    missing.Add("closure_code");
                if (string.IsNullOrWhiteSpace(record["closure_info"]?["closure_comments"]?.ToString()))
                    missing.Add("closure_comments");
                break;
            default:
                return true;
        }

        if (missing.Count == 0)
            return true;
        return call.Switches.SilentStatusRevert ? false : throw new SdpError(400, Problem.Missing([.. missing]));
    }

    /// <summary>A subcategory belongs to its category, an item to its subcategory, a technician to the group.</summary>
    private static void Consistent(ApiCall call, JsonObject record, JsonObject values)
    {
        List<Problem> problems = [];
        Belongs("subcategory", "subcategories", "category");
        Belongs("item", "items", "subcategory");
        if (values["category"] is not null && !values.ContainsKey("subcategory") && IdOf(record["category"]) != IdOf(values["category"]))
            values["subcategory"] = values["item"] = null;

        var technician = IdOf(values.ContainsKey("technician") ? values["technician"] : record["technician"]);
        var group = IdOf(values.ContainsKey("group") ? values["group"] : record["group"]);
        if (technician is not null && group is not null && (values["technician"] ?? values["group"]) is not null && !Groups.Has(call.Instance, technician, group))
        {
            // A group alone takes the request from a technician who is not in it.
            if (!values.ContainsKey("technician"))
                values["technician"] = null;
            else
                problems.Add(Problem.Unknown("group"));
        }

        if (problems.Count > 0)
            throw new SdpError(400, problems);

        void Belongs(string field, string table, string parent)
        {
            if (IdOf(values[field]) is not { } id)
                return;
            var owner = call.Instance.Table(table).Find(id)?[parent];
            if (IdOf(owner) != IdOf(values.ContainsKey(parent) ? values[parent] : record[parent]))
                problems.Add(Problem.Unknown(field));
        }
    }

    private static string? IdOf(JsonNode? reference) => (string?)reference?["id"];
}

internal static class Groups
{
    public static bool Has(Instance instance, string technicianId, string groupId) =>
        instance.Table("technicians").Find(technicianId)?["_groups"] is JsonArray groups && groups.Any(group => (string?)group == groupId);
}

using System.Globalization;
using System.Text.Json.Nodes;
using Sidecar.Simulator.Hosting;
using Sidecar.Simulator.Sdp.Records;
using Sidecar.Simulator.Sdp.Requests;
using Sidecar.Simulator.Sdp.Wire;

namespace Sidecar.Simulator.Sdp.Routes;

/// <summary>Approval levels, approvals, and the mail without which nobody can decide.</summary>
internal static class ApprovalRoutes
{
    private const string Levels = "/requests/{id}/approval_levels";
    private const string Approvals = Levels + "/{lid}/approvals";

    private static readonly Entity Level = new("approval_level", "approval_levels", "requests", new()
    {
        ["level"] = (place, given) =>
            int.TryParse(given?.ToString(), CultureInfo.InvariantCulture, out var level) && level is >= 1 and <= 5
                ? level
                : place.Reject(Problem.Mistyped("level")),
        ["status"] = Rules.ReadOnly,
        ["created_time"] = Rules.ReadOnly,
        ["created_by"] = Rules.ReadOnly,
        ["associated_entity"] = Rules.ReadOnly,
    })
    {
        Mandatory = ["level"],
    };

    private static readonly Entity Approval = new("approval", "approvals", "requests", new()
    {
        ["approver"] = Rules.Person("technicians", "requesters"),
        ["comments"] = Rules.Text(250),
        ["original_approver"] = Rules.Person("technicians", "requesters"),
        ["xpath"] = Rules.Text(),
        ["status"] = Rules.ReadOnly,
    })
    {
        Mandatory = ["approver"],
    };

    private static readonly Entity Decision = new("approval", "approvals", "requests", new() { ["comments"] = Rules.Text(250) });

    public static IEnumerable<Route> All =>
    [
        .. Crud.Of(Level, Levels, LevelAdded).Where(route => route.Method != "DELETE"),
        new("DELETE", Levels + "/{child}", "requests", DeleteLevel),
        .. Crud.Of(Approval, Approvals, (_, approval) => approval["status"] = State("To Be Sent")),
        new("PUT", Approvals + "/send_notification", "requests", Send),
        new("PUT", Approvals + "/{child}/_approve", "requests", call => Decide(call, "Approved")),
        new("PUT", Approvals + "/{child}/_reject", "requests", call => Decide(call, "Denied")),
    ];

    private static JsonObject State(string name) => new() { ["name"] = name };

    private static void LevelAdded(ApiCall call, JsonObject level)
    {
        if (call.Table(Levels).Rows.Any(row => row["level"]!.GetValue<int>() == level["level"]!.GetValue<int>()))
            throw SdpError.Bad(new Problem(4008, "level"));
        level["status"] = State("To Be Sent");
        level["associated_entity"] = "requests";
        RequestRecord.Editable(call)["approval_status"] = State("Pending Approval");
    }

    private static Answer DeleteLevel(ApiCall call)
    {
        call.Table(Levels).Get(call["child"]);
        if (call.Instance.Table($"requests/{call["id"]}/approval_levels/{call["child"]}/approvals").Rows.Count > 0)
            throw SdpError.Bad(new Problem(4005, "approvals"));
        call.Table(Levels).Remove(call["child"]);
        call.Changed($"approval_levels/{call["child"]}");
        return Envelope.Done();
    }

    private static Answer Send(ApiCall call)
    {
        var ids = call.Exchange.Query.GetValueOrDefault("ids")?.Split(',') ?? [.. call.Table(Approvals).Rows.Select(row => (string)row["id"]!)];
        foreach (var id in ids)
        {
            var approval = call.Table(Approvals).Get(id);
            approval["status"] = State("Pending Approval");
            call.Instance.Send(new OutboxMessage
            {
                Seq = 0,
                Portal = call.Instance.Name,
                RequestId = call["id"],
                Type = "APPROVAL",
                From = (string)call.User["email_id"]!,
                To = [(string)approval["approver"]!["email_id"]!],
                Subject = "Approval required",
                Description = "",
                Time = call.Instance.Clock.GetUtcNow(),
            });
        }

        call.Changed($"requests/{call["id"]}");
        return Envelope.Done();
    }

    private static Answer Decide(ApiCall call, string state)
    {
        var approval = call.Table(Approvals).Get(call["child"]);
        if ((string?)approval["status"]!["name"] == "To Be Sent")
            throw SdpError.Bad(new Problem(4001, null, "Recommendation mail is not yet sent"));
        Crud.Merge(approval, call.HasInput ? Decision.Read(call, approval) : []);
        approval["status"] = State(state);
        approval["action_taken_on"] = Times.Stamp(call.Now);
        RequestRecord.Find(call)["approval_status"] = State(state);
        call.Changed($"approvals/{call["child"]}");
        return Crud.Show(call, Approval, approval);
    }
}

using System.Text.Json.Nodes;
using Sidecar.Simulator.Sdp.Records;
using Sidecar.Simulator.Sdp.Wire;

namespace Sidecar.Simulator.Sdp.Routes;

/// <summary>The other modules, as far as a ticket client touches them.</summary>
internal static class ModuleRoutes
{
    private static Dictionary<string, Rule> Common => new()
    {
        ["title"] = Rules.Text(250),
        ["description"] = Rules.Html,
        ["category"] = Rules.Lookup("categories"),
        ["subcategory"] = Rules.Lookup("subcategories"),
        ["item"] = Rules.Lookup("items"),
        ["impact"] = Rules.Lookup("impacts"),
        ["urgency"] = Rules.Lookup("urgencies"),
        ["priority"] = Rules.Lookup("priorities"),
        ["site"] = Rules.Lookup("sites"),
        ["group"] = Rules.Lookup("support_groups"),
        ["status"] = Rules.Lookup("statuses"),
        ["template"] = Rules.Anything,
    };

    private static readonly Entity Problem = new("problem", "problems", "problems", new(Common)
    {
        ["technician"] = Rules.Person("technicians"),
        ["requester"] = Rules.Person("requesters", "technicians"),
        ["reported_by"] = Rules.Person("requesters", "technicians"),
        ["due_by_time"] = Rules.Time,
        ["closed_time"] = Rules.Time,
        ["root_cause"] = Rules.Nested(new() { ["root_cause_description"] = Rules.Html }),
        ["symptoms"] = Rules.Nested(new() { ["symptoms_description"] = Rules.Html }),
        ["impact_details"] = Rules.Nested(new() { ["impact_details_description"] = Rules.Html }),
        ["known_error_details"] = Rules.Nested(new() { ["is_known_error"] = Rules.Flag, ["known_error_comments"] = Rules.Text() }),
        ["close_details"] = Rules.Nested(new() { ["closure_code"] = Rules.Lookup("closure_codes"), ["close_details_comments"] = Rules.Text() }),
        ["resolution_details"] = Rules.Nested(new() { ["resolution_details_description"] = Rules.Html }),
        ["workaround_details"] = Rules.Nested(new() { ["workaround_details_description"] = Rules.Html }),
    })
    {
        Mandatory = ["title"],
    };

    private static readonly Entity Change = new("change", "changes", "changes", new(Common)
    {
        ["stage"] = Rules.Anything,
        ["workflow"] = Rules.Anything,
        ["change_requester"] = Rules.Person("requesters", "technicians"),
        ["change_manager"] = Rules.Person("technicians"),
        ["change_owner"] = Rules.Person("technicians"),
        ["risk"] = Rules.Anything,
        ["change_type"] = Rules.Lookup("change_types"),
        ["reason_for_change"] = Rules.Anything,
        ["scheduled_start_time"] = Rules.Time,
        ["scheduled_end_time"] = Rules.Time,
        ["comment"] = Rules.Text(),
        ["roll_out_plan"] = Rules.Anything,
        ["back_out_plan"] = Rules.Anything,
    })
    {
        Mandatory = ["title"],
        Ordered = [("scheduled_start_time", "scheduled_end_time")],
    };

    private static readonly Entity Solution = new("solution", "solutions", "solutions", new()
    {
        ["title"] = Rules.Text(250),
        ["description"] = Rules.Html,
        ["topic"] = Rules.Lookup("topics"),
        ["keywords"] = Rules.Text(),
        ["is_public"] = Rules.Flag,
    })
    {
        Mandatory = ["title", "description", "topic"],
    };

    private static readonly Entity Topic = new("topic", "topics", "solutions", new() { ["name"] = Rules.Text(250) }) { Mandatory = ["name"] };

    private static readonly Entity Asset = new("asset", "assets", "assets", new()
    {
        ["name"] = Rules.Text(250),
        ["product"] = Rules.Anything,
        ["user"] = Rules.Person("requesters", "technicians"),
        ["department"] = Rules.Lookup("departments"),
        ["site"] = Rules.Lookup("sites"),
        ["serial_number"] = Rules.Text(),
        ["barcode"] = Rules.Text(),
    })
    {
        Mandatory = ["name", "product"],
    };

    private static readonly Entity Announcement = new("announcement", "announcements", "general", new()
    {
        ["title"] = Rules.Text(250),
        ["description"] = Rules.Html,
    })
    {
        Mandatory = ["title"],
    };

    private static readonly Entity Release = new("release", "releases", "releases", new(Common)
    {
        ["stage"] = Rules.Anything,
        ["workflow"] = Rules.Anything,
        ["release_requester"] = Rules.Person("requesters", "technicians"),
        ["release_engineer"] = Rules.Person("technicians"),
        ["release_manager"] = Rules.Person("technicians"),
        ["release_type"] = Rules.Anything,
        ["risk"] = Rules.Anything,
        ["next_review_on"] = Rules.Time,
    })
    {
        Mandatory = ["title"],
    };

    private static readonly Entity Project = new("project", "projects", "projects", new()
    {
        ["title"] = Rules.Text(250),
        ["description"] = Rules.Html,
        ["owner"] = Rules.Person("technicians"),
        ["scheduled_start_time"] = Rules.Time,
        ["scheduled_end_time"] = Rules.Time,
    })
    {
        Mandatory = ["title"],
    };

    private static readonly Entity Milestone = new("milestone", "milestones", "projects", new()
    {
        ["title"] = Rules.Text(250),
        ["description"] = Rules.Html,
        ["project"] = Rules.ReadOnly,
    })
    {
        Mandatory = ["title"],
    };

    public static IEnumerable<Route> All =>
    [
        .. Crud.Of(Problem, "/problems", Numbered),
        .. NotesOf("problem", "/problems/{id}/notes", "problems"),
        .. Crud.Of(Change, "/changes", Numbered, StatusNeedsComment),
        .. NotesOf("change", "/changes/{id}/notes", "changes"),
        .. Crud.Of(ChildRoutes.Task with { Module = "changes" }, "/changes/{id}/tasks"),
        .. Crud.Of(ChildRoutes.Task with { Module = "problems" }, "/problems/{id}/tasks"),
        .. Crud.Of(Release, "/releases", Numbered),
        .. Crud.Of(Project, "/projects"),
        .. Crud.Of(Milestone, "/projects/{id}/milestones"),
        .. Crud.Of(ChildRoutes.Task with { Module = "projects", NoPage = true }, "/projects/{id}/tasks"),
        .. Crud.Of(Solution, "/solutions", SolutionAdded),
        .. Crud.Of(Topic, "/topics"),
        .. Crud.Of(Asset, "/assets"),
        .. Crud.Of(Announcement, "/announcements"),
    ];

    // Problems, changes and solutions carry their number as an object.
    private static void Numbered(ApiCall call, JsonObject record)
    {
        var number = (call.Table(call.Route.Template).Rows.Count + 1).ToString(System.Globalization.CultureInfo.InvariantCulture);
        record["display_id"] = new JsonObject { ["display_value"] = $"{call.Route.Module[..2].ToUpperInvariant()}-{number}", ["value"] = number };
        if (call.Route.Module != "solutions")
            record["status"] ??= References.To(call.Instance.Table("statuses").Named("Open")!);
    }

    private static void SolutionAdded(ApiCall call, JsonObject record)
    {
        Numbered(call, record);
        // Ignored until somebody approves it.
        record["is_public"] = false;
    }

    private static void StatusNeedsComment(ApiCall call, JsonObject record, JsonObject values)
    {
        if (values.ContainsKey("status") && string.IsNullOrEmpty(values["comment"]?.ToString()))
            throw SdpError.Bad(Wire.Problem.Missing("comment"));
    }

    private static IEnumerable<Route> NotesOf(string owner, string path, string module) => Crud.Of(
        new Entity("note", "notes", module, new() { ["description"] = Rules.Html, ["notify_technician"] = Rules.Flag })
        {
            Mandatory = ["description"],
            Keys = _ => ["note", $"{owner}_note"],
        },
        path);
}

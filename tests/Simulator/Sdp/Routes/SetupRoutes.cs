using System.Text.Json.Nodes;
using Sidecar.Simulator.Hosting;
using Sidecar.Simulator.Sdp.Lists;
using Sidecar.Simulator.Sdp.Requests;
using Sidecar.Simulator.Sdp.Wire;

namespace Sidecar.Simulator.Sdp.Routes;

/// <summary>What an instance is set up with, and its people. Read only.</summary>
internal static class SetupRoutes
{
    // Path, table, key around one, and whether the instance knows the path.
    private static readonly (string Path, string Table, string Key, Func<InstanceSwitches, bool>? When)[] Lookups =
    [
        ("statuses", "statuses", "status", switches => switches.StatusesPath),
        ("priorities", "priorities", "priority", null),
        ("categories", "categories", "category", null),
        ("subcategories", "subcategories", "subcategory", null),
        ("items", "items", "item", null),
        ("urgencies", "urgencies", "urgency", null),
        ("impacts", "impacts", "impact", null),
        ("levels", "levels", "level", null),
        ("modes", "modes", "mode", null),
        ("request_types", "request_types", "request_type", null),
        ("request_templates", "request_templates", "request_template", null),
        ("service_categories", "service_categories", "service_category", null),
        ("sites", "sites", "site", null),
        ("departments", "departments", "department", null),
        ("support_groups", "support_groups", "support_group", switches => switches.SupportGroupsPath),
        ("groups", "support_groups", "group", switches => switches.GroupsPath),
        ("closure_codes", "closure_codes", "closure_code", switches => switches.ClosureCodesPath),
        ("request_closure_codes", "closure_codes", "request_closure_code", switches => switches.RequestClosureCodesPath),
        ("change_types", "change_types", "change_type", null),
        ("task_types", "task_types", "task_type", null),
        ("worklog_types", "worklog_types", "worklog_type", null),
        ("udf_fields", "udf_fields", "udf_field", null),
    ];

    // Fields of a request whose values can be asked for below /requests.
    private static readonly (string Field, string Table)[] Fields =
    [
        ("technician", "technicians"), ("group", "support_groups"), ("requester", "requesters"), ("status", "statuses"), ("priority", "priorities"),
        ("urgency", "urgencies"), ("impact", "impacts"), ("level", "levels"), ("mode", "modes"), ("request_type", "request_types"), ("site", "sites"),
        ("department", "departments"), ("category", "categories"), ("subcategory", "subcategories"), ("item", "items"),
        ("template", "request_templates"), ("closure_code", "closure_codes"),
    ];

    public static IEnumerable<Route> All =>
    [
        .. Lookups.SelectMany(lookup => Lookup(lookup.Path, lookup.Table, lookup.Key, "setup", lookup.When)),
        .. Lookup("technicians", "technicians", "technician", "users", switches => switches.TechniciansPath),
        .. Lookup("requesters", "requesters", "requester", "users", switches => switches.UsersPath),
        new Route("GET", "/users", "users", call => Lister.Answer(call, "users", Everyone(call.Instance))) { When = switches => switches.UsersPath },
        new Route("GET", "/users/{id}", "users", call => Envelope.One("user", Lister.Project(
            Everyone(call.Instance).FirstOrDefault(row => (string?)row["id"] == call["id"]) ?? throw SdpError.NotFound(), null, call.Switches)))
        {
            When = switches => switches.UsersPath,
        },
        new Route("GET", "/categories/{id}/subcategories", "setup", call => Below(call, "categories", "subcategories", "category")),
        new Route("GET", "/subcategories/{id}/items", "setup", call => Below(call, "subcategories", "items", "subcategory")),
        .. Fields.SelectMany(pair => RequestField(pair.Field, pair.Table)),
        new Route("GET", "/requests/_metainfo", "requests", MetaInfo) { When = switches => switches.FormMetadata },
        new Route("GET", "/requests/{id}/template/{tid}/_get_template_with_layout", "requests", Layout) { When = switches => switches.FormMetadata },
        new Route("GET", "/requests/{id}/_allowed_values_for_fields", "requests", AllowedValues) { When = switches => switches.FormMetadata },
    ];

    private static IEnumerable<Route> Lookup(string path, string table, string key, string module, Func<InstanceSwitches, bool>? when) =>
    [
        new Route("GET", $"/{path}", module, call => Lister.Answer(call, path, Rows(call, table))) { When = when },
        new Route("GET", $"/{path}/{{id}}", module, call => Envelope.One(key, Lister.Project(call.Instance.Table(table).Get(call["id"]), null, call.Switches)))
        {
            When = when,
        },
    ];

    private static IEnumerable<Route> RequestField(string field, string table) =>
    [
        new Route("GET", $"/requests/{field}", "requests", call => Lister.Answer(call, field, Rows(call, table))),
        new Route("GET", $"/requests/{{id}}/{field}", "requests", call =>
        {
            var request = RequestRecord.Find(call);
            IEnumerable<JsonObject> rows = Rows(call, table);
            // For one request: only the technicians of its group.
            if (field == "technician" && (string?)request["group"]?["id"] is { } group)
                rows = rows.Where(row => Groups.Has(call.Instance, (string)row["id"]!, group));
            return Lister.Answer(call, field, rows);
        }),
    ];

    private static IReadOnlyList<JsonObject> Rows(ApiCall call, string table) =>
        table == "closure_codes" && !call.Switches.ClosureCodesConfigured ? [] : call.Instance.Table(table).Rows;

    private static IEnumerable<JsonObject> Everyone(Instance instance) => instance.Table("technicians").Rows.Concat(instance.Table("requesters").Rows);

    private static Answer Below(ApiCall call, string parents, string children, string member)
    {
        call.Instance.Table(parents).Get(call["id"]);
        return Lister.Answer(call, children, call.Instance.Table(children).Rows.Where(row => (string?)row[member]!["id"] == call["id"]));
    }

    private static Answer MetaInfo(ApiCall call) => Envelope.One("metainfo", new JsonObject
    {
        ["entity"] = "request",
        ["fields"] = new JsonObject(
            RequestEntity.Request.Fields.Keys.Select(name => KeyValuePair.Create(name, (JsonNode?)new JsonObject { ["name"] = name }))
                .Where(field => field.Key != "udf_fields")
                .Append(KeyValuePair.Create("udf_fields", (JsonNode?)new JsonObject
                {
                    ["fields"] = new JsonObject(call.Instance.Table("udf_fields").Rows
                        .Select(row => KeyValuePair.Create((string)row["field_key"]!, (JsonNode?)Records.References.Public(row)))),
                }))),
    });

    private static Answer Layout(ApiCall call)
    {
        var template = call.Instance.Table("request_templates").Get(call["tid"]);
        var layout = Records.References.Public(template);
        layout["layouts"] = new JsonArray(new JsonObject
        {
            ["name"] = "Request Details",
            ["fields"] = new JsonArray([.. template["_mandatory"]!.AsArray().Select(field => new JsonObject { ["name"] = (string)field!, ["is_mandatory"] = true })]),
        });
        return Envelope.One("template", layout);
    }

    private static Answer AllowedValues(ApiCall call)
    {
        RequestRecord.Find(call);
        return Envelope.One("allowed_values", new JsonObject(Fields.Where(field => field.Field is not ("requester" or "template")).Select(field =>
            KeyValuePair.Create(field.Field, (JsonNode?)new JsonArray([.. Rows(call, field.Table).Select(Records.References.To)])))));
    }
}

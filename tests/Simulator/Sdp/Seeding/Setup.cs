using System.Text.Json.Nodes;

namespace Sidecar.Simulator.Sdp.Seeding;

/// <summary>Statuses, priorities, categories, templates: what an administrator has set up.</summary>
internal static class Setup
{
    public static void ItDesk(Instance instance)
    {
        Common(instance, "Onhold");
        Categories(instance, new()
        {
            ["Hardware"] = new() { ["Laptop"] = ["Battery", "Display", "Keyboard"], ["Printer"] = ["Paper jam", "Toner"], ["Phone"] = [] },
            ["Software"] = new() { ["E-mail"] = ["Outlook", "Shared mailbox"], ["ERP"] = ["Login", "Report"], ["Browser"] = [] },
            ["Network"] = new() { ["VPN"] = ["Client", "Certificate"], ["Wi-Fi"] = [], ["DNS"] = [] },
            ["User Administration"] = new() { ["Password Reset"] = [], ["New account"] = [], ["Permissions"] = ["File share", "Application"] },
        });
        Template(instance, "Default Request", false, "subject");
        Template(instance, "Incident", false, "subject", "description", "category", "priority");
        Template(instance, "Access Request", false, "subject", "category", "subcategory", "udf_fields.udf_char1");
        Template(instance, "New Laptop", true, "subject", "site", "udf_fields.udf_char2", "udf_fields.udf_date1");
        foreach (var name in new[] { "Hardware provisioning", "Accounts and access" })
            Seed.Add(instance, "service_categories", name);
    }

    public static void Hr(Instance instance)
    {
        // Status names are the instance's own: here "On Hold", and no "In Progress" at all.
        Common(instance, "On Hold", inProgress: false);
        Categories(instance, new()
        {
            ["Payroll"] = new() { ["Payslip"] = [], ["Bonus"] = [] },
            ["Leave"] = new() { ["Annual leave"] = [], ["Parental leave"] = [] },
        });
        Template(instance, "Default Request", false, "subject");
        Template(instance, "Payroll question", false, "subject", "category");
    }

    private static void Common(Instance instance, string onHold, bool inProgress = true)
    {
        Status("Open", "Open", "#0066ff", true, false);
        if (inProgress)
            Status("In Progress", "In Progress", "#f88888", true, false);
        Status(onHold, "Onhold", "#ff9900", true, true);
        Status("Resolved", "Resolved", "#00b33c", false, true);
        Status("Closed", "Closed", "#006600", false, true);
        Status("Cancelled", "Canceled", "#999999", false, true);
        Names("priorities", "1 - Critical", "2 - High", "3 - Normal", "4 - Low");
        Names("urgencies", "1 - Urgent", "2 - High", "3 - Normal", "4 - Low");
        Names("impacts", "Affects Business", "Affects Department", "Affects Group", "Affects User");
        Names("levels", "Tier 1", "Tier 2", "Tier 3");
        Names("modes", "E-Mail", "Phone Call", "Web Form", "Chat");
        Names("request_types", "Incident", "Request For Information", "Service Request");
        Names("sites", "Berlin", "London", "Madrid");
        Names("departments", "Finance", "Sales", "Engineering", "Operations", "Human Resources");
        Names("closure_codes", "Success", "Failed", "Cancelled", "Unable to reproduce");
        Names("change_types", "Minor", "Standard", "Major");
        Names("task_types", "Implementation", "Review");
        Names("worklog_types", "Travel", "Remote");
        Names("slas", "Normal SLA", "High SLA");
        Names("topics", "General", "How-to");
        Udf("udf_char1", "Cost centre", "text");
        Udf("udf_char2", "Device type", "pick_list", "Laptop", "Desktop", "Phone", "None");
        Udf("udf_date1", "Needed by", "date");
        Udf("udf_long1", "Number of users", "numeric");
        Udf("udf_multiselect1", "Locations", "multi_select", "Berlin", "London", "Madrid", "Remote");

        void Names(string table, params string[] names)
        {
            foreach (var name in names)
                Seed.Add(instance, table, name);
        }

        void Status(string name, string internalName, string color, bool inProgress, bool stopTimer) => Seed.Add(instance, "statuses", name, new JsonObject
        {
            ["color"] = color,
            ["internal_name"] = internalName,
            ["in_progress"] = inProgress,
            ["stop_timer"] = stopTimer,
        });

        void Udf(string key, string name, string type, params string[] values) => Seed.Add(instance, "udf_fields", name, new JsonObject
        {
            ["field_key"] = key,
            ["type"] = type,
            ["field_type"] = type,
            ["constraints"] = new JsonObject { ["allowed_values"] = new JsonArray([.. values.Select(value => (JsonNode)value)]) },
            ["module"] = new JsonObject { ["name"] = "request" },
        });
    }

    private static void Categories(Instance instance, Dictionary<string, Dictionary<string, string[]>> tree)
    {
        foreach (var (name, subcategories) in tree)
        {
            var category = Seed.Add(instance, "categories", name, new JsonObject { ["deleted"] = false });
            foreach (var (subname, items) in subcategories)
            {
                var subcategory = Seed.Add(instance, "subcategories", subname, new JsonObject { ["category"] = category.Reference() });
                foreach (var item in items)
                    Seed.Add(instance, "items", item, new JsonObject { ["subcategory"] = subcategory.Reference() });
            }
        }
    }

    private static void Template(Instance instance, string name, bool service, params string[] mandatory) =>
        Seed.Add(instance, "request_templates", name, new JsonObject
        {
            ["is_service_template"] = service,
            ["inactive"] = false,
            ["_mandatory"] = new JsonArray([.. mandatory.Select(field => (JsonNode)field)]),
        });
}

using System.Globalization;
using System.Text.Json.Nodes;
using Sidecar.Simulator.Hosting;
using Sidecar.Simulator.Sdp.Records;
using Sidecar.Simulator.Sdp.Wire;

namespace Sidecar.Simulator.Sdp.Lists;

/// <summary>Answers a list: filter, order, page, columns, echo.</summary>
internal static class Lister
{
    private const string CdataStart = "<![CDATA[";

    private static readonly HashSet<string> StatusFields = ["status", "status.name", "status.id", "status.internal_name", "status.in_progress"];

    /// <param name="call">The call.</param>
    /// <param name="key">Key around the rows.</param>
    /// <param name="rows">All that could be listed.</param>
    /// <param name="columns">Columns if none are asked for; null: all.</param>
    /// <param name="fields">Names that may be searched beside those that the rows have.</param>
    public static Answer Answer(
        ApiCall call, string key, IEnumerable<JsonObject> rows, string[]? columns = null, IReadOnlyCollection<string>? fields = null)
    {
        var info = ListInfo.Read(call);
        var all = rows.ToList();
        // A field is known if some row has it: the rows of one kind all have the same members.
        bool IsField(string path)
        {
            var root = path.Split('.')[0];
            return all.Count == 0 || fields?.Contains(root) == true || all.Exists(row => row.ContainsKey(root));
        }

        IEnumerable<JsonObject> found = all;
        if (info.Criteria is { } criteria)
            found = found.Where(Criteria.Parse(Misread(criteria, call.Switches), call.Switches, IsField));
        foreach (var (name, value) in info.SearchFields ?? [])
            found = found.Where(row => Matches(Values.At(row, name), value, name));
        if (info.Filter is { } filter)
            found = found.Where(NamedFilters.Find(filter, call));
        if (info.SortField is { } sort)
        {
            if (!IsField(sort))
                throw SdpError.Bad(Problem.Unknown("sort_field"));
            found = info.Descending ? found.OrderByDescending(SortKey(sort)) : found.OrderBy(SortKey(sort));
        }

        var matching = found.ToList();
        var page = matching.Skip(info.StartIndex - 1).Take(info.RowCount).ToList();
        var wanted = info.Fields ?? columns?.ToHashSet();
        return Envelope.Many(key, new JsonArray([.. page.Select(row => Project(row, wanted, call.Switches))]), Echo(info, page.Count, matching.Count));
    }

    public static JsonObject Project(JsonObject row, IReadOnlySet<string>? wanted, InstanceSwitches switches)
    {
        var shown = References.Public(row);
        if (wanted is not null)
            foreach (var name in shown.Select(member => member.Key).Where(name => name != "id" && !wanted.Contains(name)).ToList())
                shown.Remove(name);
        if (!switches.CdataDescriptions && shown["description"]?.ToString() is { } text && text.StartsWith(CdataStart, StringComparison.Ordinal))
            shown["description"] = text[CdataStart.Length..^"]]>".Length];
        if (switches.NullsAsText)
            foreach (var name in shown.Where(member => member.Value is null).Select(member => member.Key).ToList())
                shown[name] = "null";
        return shown;
    }

    private static Func<JsonObject, (long, string)> SortKey(string field) => row =>
    {
        var text = Values.Comparable(Values.At(row, field)) ?? "";
        return (long.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : 0, text);
    };

    private static bool Matches(JsonNode? node, JsonNode? value, string name)
    {
        var wanted = Values.Comparable(value) ?? "";
        return name is "id" or "display_id"
            ? Values.Comparable(node) == wanted
            : (Values.Comparable(node) ?? "").Contains(wanted, StringComparison.OrdinalIgnoreCase);
    }

    private static JsonObject Echo(ListInfo info, int rows, int total)
    {
        var echo = new JsonObject
        {
            ["has_more_rows"] = info.StartIndex - 1 + rows < total,
            ["start_index"] = info.StartIndex,
            ["row_count"] = rows,
        };
        if (info.Page is { } page)
            echo["page"] = page;
        if (info.SortField is not null)
        {
            echo["sort_field"] = info.SortField;
            echo["sort_order"] = info.Descending ? "desc" : "asc";
        }

        if (info.TotalCount)
            echo["total_count"] = total;
        if (info.SearchFields is not null)
            echo["search_fields"] = info.SearchFields.DeepClone();
        if (info.Criteria is not null)
            echo["search_criteria"] = new JsonArray([.. (info.Criteria is JsonArray array ? array.ToArray() : [info.Criteria]).Select(EchoOne)]);
        return echo;
    }

    /// <summary>Whatever form it came in, a criterion is echoed with "values", and these as text.</summary>
    private static JsonNode? EchoOne(JsonNode? criterion)
    {
        var echo = criterion!.DeepClone().AsObject();
        var values = echo["values"] as JsonArray is { } several ? several.ToArray() : echo["value"] is { } one ? [one] : [];
        echo.Remove("value");
        echo["values"] = new JsonArray([.. values.Select(value => (JsonNode?)Values.Comparable(value))]);
        if (echo["children"] is JsonArray children)
            echo["children"] = new JsonArray([.. children.Select(EchoOne)]);
        return echo;
    }

    /// <summary>One tenant returns wrong rows if technician and status are asked for together: here the status is forgotten.</summary>
    private static JsonNode Misread(JsonNode criteria, InstanceSwitches switches)
    {
        if (!switches.WrongRowsForTechnicianAndStatus)
            return criteria;
        var fields = FieldsOf(criteria).ToList();
        if (!fields.Exists(field => field.StartsWith("technician", StringComparison.Ordinal)) || !fields.Exists(StatusFields.Contains))
            return criteria;
        var misread = criteria.DeepClone();
        foreach (var criterion in Flat(misread).Where(one => StatusFields.Contains(one["field"]?.ToString() ?? "")))
        {
            criterion["field"] = "id";
            criterion["condition"] = "is not";
            criterion.Remove("value");
            criterion.Remove("values");
        }

        return misread;
    }

    private static IEnumerable<string> FieldsOf(JsonNode criteria) => Flat(criteria).Select(one => one["field"]?.ToString() ?? "");

    private static IEnumerable<JsonObject> Flat(JsonNode? node) => node switch
    {
        JsonArray array => array.SelectMany(Flat),
        JsonObject criterion => Flat(criterion["children"]).Prepend(criterion),
        _ => [],
    };
}

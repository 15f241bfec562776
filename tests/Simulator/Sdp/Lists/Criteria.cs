using System.Globalization;
using System.Text.Json.Nodes;
using Sidecar.Simulator.Sdp.Records;
using Sidecar.Simulator.Sdp.Wire;

namespace Sidecar.Simulator.Sdp.Lists;

/// <summary>search_criteria: one condition with children, or an array of them.</summary>
internal static class Criteria
{
    private static readonly Dictionary<string, string> Short = new()
    {
        ["eq"] = "is", ["neq"] = "is not", ["gt"] = "greater than", ["gte"] = "greater or equal", ["lt"] = "lesser than",
        ["lte"] = "lesser or equal", ["like"] = "contains",
    };

    private static readonly HashSet<string> Members = ["field", "condition", "value", "values", "logical_operator", "children"];

    public static Func<JsonObject, bool> Parse(JsonNode node, InstanceSwitches switches, Func<string, bool> isField)
    {
        if (node is JsonObject single)
            return One(single, switches, isField);
        if (node is not JsonArray array || array.Any(item => item is not JsonObject))
            throw SdpError.Bad(Problem.Unparsable("search_criteria"));
        if (array.Count > 1 && !switches.CriteriaArrays)
            throw SdpError.Bad(Problem.Unparsable("search_criteria"));
        if (switches.FirstOperatorRefused && array.Count > 0 && array[0]!["logical_operator"] is not null)
            throw SdpError.Bad(new Problem(4001, "logical_operator", "EXTRA_KEY_FOUND_IN_JSON"));
        return Joined(_ => true, array, switches, isField);
    }

    private static Func<JsonObject, bool> One(JsonObject criterion, InstanceSwitches switches, Func<string, bool> isField)
    {
        foreach (var (name, _) in criterion)
            if (!Members.Contains(name))
                throw SdpError.Bad(Problem.ExtraKey(name));
        var own = Condition(criterion, isField);
        return criterion["children"] is JsonArray children ? Joined(own, children, switches, isField) : own;
    }

    /// <summary>From left to right: each joins what stands before it as a whole, by its own logical_operator.</summary>
    private static Func<JsonObject, bool> Joined(
        Func<JsonObject, bool> first, JsonArray rest, InstanceSwitches switches, Func<string, bool> isField)
    {
        var all = first;
        foreach (var node in rest)
        {
            if (node is not JsonObject child)
                throw SdpError.Bad(Problem.Unparsable("children"));
            var before = all;
            var next = One(child, switches, isField);
            all = (child["logical_operator"]?.ToString() ?? "AND").ToUpperInvariant() switch
            {
                "AND" => record => before(record) && next(record),
                "OR" => record => before(record) || next(record),
                _ => throw SdpError.Bad(Problem.Unknown("logical_operator")),
            };
        }

        return all;
    }

    private static Func<JsonObject, bool> Condition(JsonObject criterion, Func<string, bool> isField)
    {
        var field = criterion["field"]?.ToString() ?? throw SdpError.Bad(Problem.Missing("field"));
        if (!isField(field))
            throw SdpError.Bad(new Problem(4001, field, "Invalid field in search_criteria"));
        var given = criterion["condition"]?.ToString().ToLowerInvariant() ?? "is";
        var condition = Short.GetValueOrDefault(given, given);
        var values = ValuesOf(criterion);
        Func<JsonNode?, bool> test = condition switch
        {
            // Without a value: is it empty?
            "is" when values.Length == 0 => node => IsNothing(node),
            "is not" when values.Length == 0 => node => !IsNothing(node),
            "is" => node => values.Any(value => Same(node, value)),
            "is not" => node => !values.Any(value => Same(node, value)),
            "contains" => node => values.Any(value => Text(node).Contains(value, StringComparison.OrdinalIgnoreCase)),
            "not contains" => node => !values.Any(value => Text(node).Contains(value, StringComparison.OrdinalIgnoreCase)),
            "starts with" => node => values.Any(value => Text(node).StartsWith(value, StringComparison.OrdinalIgnoreCase)),
            "ends with" => node => values.Any(value => Text(node).EndsWith(value, StringComparison.OrdinalIgnoreCase)),
            "greater than" => node => Order(node, values[0]) > 0,
            "greater or equal" => node => Order(node, values[0]) >= 0,
            "lesser than" => node => Order(node, values[0]) < 0,
            "lesser or equal" => node => Order(node, values[0]) <= 0,
            "between" when values.Length == 2 => node => Order(node, values[0]) >= 0 && Order(node, values[1]) <= 0,
            "not between" when values.Length == 2 => node => Order(node, values[0]) < 0 || Order(node, values[1]) > 0,
            _ => throw SdpError.Bad(new Problem(4001, "condition", $"Invalid condition: {given}")),
        };
        if (values.Length == 0 && condition is not ("is" or "is not"))
            throw SdpError.Bad(new Problem(4012, null, "Value not provided") { Fields = ["value"] });
        return record => test(Values.At(record, field));
    }

    private static string[] ValuesOf(JsonObject criterion)
    {
        var nodes = criterion["values"] as JsonArray is { } several ? several.ToArray() : [criterion["values"] ?? criterion["value"]];
        return [.. nodes.Select(Values.Comparable).OfType<string>()];
    }

    private static bool IsNothing(JsonNode? node) => Values.Comparable(node) is null or "";

    private static string Text(JsonNode? node) => Values.Comparable(node) ?? "";

    private static bool Same(JsonNode? node, string value) =>
        string.Equals(Values.Comparable(node), value, StringComparison.OrdinalIgnoreCase)
        || node is JsonObject record && (record["id"]?.ToString() == value || string.Equals(record["email_id"]?.ToString(), value, StringComparison.OrdinalIgnoreCase))
        || node is JsonArray array && array.Any(item => Same(item, value));

    /// <summary>Nothing compares with nothing: an empty field is neither before nor after.</summary>
    private static int? Order(JsonNode? node, string value)
    {
        if (Values.Comparable(node) is not { Length: > 0 } own)
            return null;
        return long.TryParse(own, CultureInfo.InvariantCulture, out var left) && long.TryParse(value, CultureInfo.InvariantCulture, out var right)
            ? left.CompareTo(right)
            : string.Compare(own, value, StringComparison.OrdinalIgnoreCase);
    }
}

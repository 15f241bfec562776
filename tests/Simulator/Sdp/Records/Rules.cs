using System.Globalization;
using System.Text.Json.Nodes;
using Sidecar.Simulator.Sdp.Wire;

namespace Sidecar.Simulator.Sdp.Records;

/// <summary>Where a value of a body is being looked at.</summary>
internal sealed record Place(ApiCall Call, string Field, List<Problem> Problems)
{
    public JsonNode? Reject(Problem problem)
    {
        Problems.Add(problem);
        return null;
    }
}

/// <summary>Checks a value and turns it into what is stored.</summary>
internal delegate JsonNode? Rule(Place place, JsonNode? given);

/// <summary>The kinds of fields.</summary>
internal static class Rules
{
    public static Rule Text(int max = 0) => (place, given) => given switch
    {
        null => null,
        JsonValue value when value.TryGetValue<string>(out var text) && (max == 0 || text.Length <= max) => text,
        JsonValue value when value.TryGetValue<string>(out _) =>
            place.Reject(new Problem(4001, place.Field, $"Value exceeds the maximum length of {max}")),
        _ => place.Reject(Problem.Mistyped(place.Field)),
    };

    public static Rule Html { get; } = Text();

    public static Rule Flag { get; } = (place, given) => given switch
    {
        null => false,
        JsonValue value when value.TryGetValue<bool>(out var flag) => flag,
        JsonValue value when bool.TryParse(value.ToString(), out var flag) => flag,
        _ => place.Reject(Problem.Mistyped(place.Field)),
    };

    public static Rule Whole { get; } = (place, given) =>
        given is null ? null
        : given is JsonValue && long.TryParse(given.ToString(), CultureInfo.InvariantCulture, out var number) ? number
        : place.Reject(Problem.Mistyped(place.Field));

    /// <summary>Hours and minutes and the like travel as text.</summary>
    public static Rule NumberAsText { get; } = (place, given) =>
        given is null ? null
        : given is JsonValue && decimal.TryParse(given.ToString(), CultureInfo.InvariantCulture, out _) ? given.ToString()
        : place.Reject(Problem.Mistyped(place.Field));

    /// <summary>{"value": "epoch ms"} and nothing else: a plain string cannot be parsed.</summary>
    public static Rule Time { get; } = (place, given) =>
        given is null ? null
        : given is JsonObject && Times.Of(given) is { } milliseconds ? Times.Stamp(milliseconds)
        : place.Reject(Problem.Unparsable(place.Field));

    public static Rule Date { get; } = (place, given) =>
        given is null ? null
        : given is JsonObject stamp
          && DateOnly.TryParseExact(stamp["value"]?.ToString(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? new JsonObject
            {
                ["display_value"] = day.ToString("MMM d, yyyy", CultureInfo.InvariantCulture),
                ["value"] = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            }
            : place.Reject(Problem.Unparsable(place.Field));

    public static Rule Choice(params string[] values) => (place, given) =>
        given is null ? null
        : given is JsonValue && values.Contains(given.ToString()) ? given.ToString()
        : place.Reject(Problem.Unknown(place.Field));

    public static Rule Choices(params string[] values) => (place, given) =>
        given is null ? new JsonArray()
        : given is not JsonArray array ? place.Reject(Problem.Mistyped(place.Field))
        : array.All(item => item is JsonValue && values.Contains(item.ToString())) ? array.DeepClone()
        : place.Reject(new Problem(4001, place.Field, "EXTRA_VALUE_FOUND_IN_JSONARRAY"));

    public static Rule Anything { get; } = (_, given) => given?.DeepClone();

    public static Rule ReadOnly { get; } = (place, _) => place.Reject(new Problem(4014, place.Field, "Read only field cannot be edited"));

    public static Rule NonEditable { get; } = (place, _) => place.Reject(new Problem(4009, place.Field));

    public static Rule Tags { get; } = (place, given) =>
        given is null or JsonArray { Count: 0 } ? new JsonArray() : place.Reject(new Problem(4001, place.Field, "EXTRA_VALUE_FOUND_IN_JSONARRAY"));

    public static Rule Addresses { get; } = (place, given) =>
        given is null ? new JsonArray()
        : given is not JsonArray array ? place.Reject(Problem.Mistyped(place.Field))
        : new JsonArray([.. array.Select(item => (JsonNode)(item is JsonObject person ? (string?)person["email_id"] ?? "" : item?.ToString() ?? ""))]);

    /// <summary>{"name": …} or {"id": …}; text in its place is refused, and so is a name where the instance wants ids.</summary>
    public static Rule Lookup(string table) => Record([table], "name");

    /// <summary>{"email_id": …}, {"id": …} or {"name": …}.</summary>
    public static Rule Person(params string[] tables) => Record(tables, "email_id", "name");

    public static Rule Nested(Dictionary<string, Rule> members) => (place, given) =>
    {
        if (given is null)
            return null;
        if (given is not JsonObject body)
            return place.Reject(Problem.Mistyped(place.Field));
        var stored = new JsonObject();
        foreach (var (name, value) in body)
        {
            if (members.TryGetValue(name, out var rule))
                stored[name] = rule(place with { Field = name }, value);
            else
                place.Reject(Problem.ExtraKey(name));
        }

        return stored;
    };

    private static Rule Record(string[] tables, params string[] names) => (place, given) =>
    {
        if (given is null)
            return null;
        if (given is not JsonObject reference)
            return place.Reject(new Problem(4021, place.Field, $"Unable to parse the given data for {place.Field}"));
        var rows = tables.SelectMany(table => place.Call.Instance.Table(table).Rows).Where(row => row["deleted"]?.GetValue<bool>() != true);
        if ((reference["id"] as JsonValue)?.ToString() is { } id)
            rows = rows.Where(row => (string?)row["id"] == id);
        else if (place.Call.Switches.NamesRefused.Contains(place.Field))
            return place.Reject(Problem.Unknown(place.Field));
        else if (names.FirstOrDefault(reference.ContainsKey) is { } key && reference[key]?.ToString() is { } name)
            rows = rows.Where(row => string.Equals(row[key]?.ToString(), name, StringComparison.OrdinalIgnoreCase));
        else
            return reference.Count == 0 ? null : place.Reject(Problem.ExtraKey(reference.First().Key));
        return rows.FirstOrDefault() is { } found ? References.To(found) : place.Reject(Problem.Unknown(place.Field));
    };
}

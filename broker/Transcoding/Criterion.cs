using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sidecar.Broker.Transcoding;

/// <summary>One condition on a record.</summary>
/// <param name="AnyOf">Fields, dotted; any of them may meet it.</param>
/// <param name="Condition">As the API spells it.</param>
/// <param name="Value">What it is compared with; null: the field is empty.</param>
internal sealed record Criterion(IReadOnlyList<string> AnyOf, string Condition, string? Value)
{
    /// <summary>
    /// All criteria as one search_criteria: a root object with the rest as its children, the one form that every report
    /// agrees on. Criteria with alternatives come last, so that no OR stands before an AND.
    /// </summary>
    public static JsonObject? Compile(IReadOnlyList<Criterion> criteria)
    {
        JsonObject? root = null;
        foreach (var criterion in criteria.OrderBy(criterion => criterion.AnyOf.Count))
        {
            var compiled = criterion.Compile();
            if (root is null)
            {
                root = compiled;
                continue;
            }

            compiled["logical_operator"] = "AND";
            AddChild(root, compiled);
        }

        return root;
    }

    /// <summary>Whether a row meets all criteria: false only if the row itself shows that it does not.</summary>
    public static bool MayMatch(IReadOnlyList<Criterion> criteria, JsonElement row) => criteria.All(criterion => criterion.MayMatch(row));

    private JsonObject Compile()
    {
        var first = Leaf(AnyOf[0]);
        foreach (var other in AnyOf.Skip(1))
        {
            var leaf = Leaf(other);
            leaf["logical_operator"] = "OR";
            AddChild(first, leaf);
        }

        return first;
    }

    private JsonObject Leaf(string field)
    {
        var leaf = new JsonObject { ["field"] = field, ["condition"] = Condition };
        if (Value is not null) leaf["value"] = Value;
        return leaf;
    }

    private static void AddChild(JsonObject parent, JsonObject child)
    {
        if (parent["children"] is not JsonArray children) parent["children"] = children = [];
        children.Add((JsonNode)child);
    }

    private bool MayMatch(JsonElement row) => AnyOf.Any(field => MayMatch(row, field));

    private bool MayMatch(JsonElement row, string field)
    {
        // A column the row does not have proves nothing.
        if (row.ValueKind != JsonValueKind.Object || !row.TryGetProperty(field.Split('.')[0], out var column)) return true;
        var found = FieldKeys.TryFind(row, field, out var value);
        if (Value is null) return !found;
        if (FieldKeys.IsNull(column)) return false;
        if (!found) return true;

        var text = Decoder.Text(value) ?? "";
        return Condition switch
        {
            "is" => string.Equals(text, Value, StringComparison.OrdinalIgnoreCase),
            // The text of HTML is spelled in other ways there; it proves nothing.
            "contains" => text.Contains(Value, StringComparison.OrdinalIgnoreCase) || text.AsSpan().IndexOfAny('<', '&') >= 0,
            "greater or equal" => Compare(value) is not < 0,
            "lesser than" => Compare(value) is not >= 0,
            _ => true,
        };
    }

    private int? Compare(JsonElement value) =>
        long.TryParse(Decoder.TryTime(value, out var time) ? Encoder.EpochMilliseconds(time) : Decoder.Text(value), out var left)
        && long.TryParse(Value, out var right) ? left.CompareTo(right) : null;
}

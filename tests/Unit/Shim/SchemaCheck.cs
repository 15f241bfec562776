using System.Globalization;
using System.Text.Json;

namespace Sidecar.Tests.Unit.Shim;

/// <summary>Checks JSON against the part of JSON Schema that the shim's output schemas use, as strictly as the strictest client.</summary>
internal static class SchemaCheck
{
    private static readonly HashSet<string> Understood = ["type", "properties", "required", "additionalProperties", "items", "enum", "format", "description"];

    public static IEnumerable<string> Problems(JsonElement schema, JsonElement value, string at = "$")
    {
        foreach (var keyword in schema.EnumerateObject())
            if (!Understood.Contains(keyword.Name))
                yield return $"{at}: the check does not know the keyword {keyword.Name}";

        var type = schema.GetProperty("type").GetString();
        if (!Is(type!, value)) yield return $"{at}: {value.ValueKind} is not {type}";

        if (schema.TryGetProperty("enum", out var choices) && !choices.EnumerateArray().Any(choice => choice.ValueEquals(value.GetString())))
            yield return $"{at}: {value} is no choice";
        if (schema.TryGetProperty("format", out _) && !IsMoment(value.GetString()!)) yield return $"{at}: {value} is no date-time";

        if (schema.TryGetProperty("required", out var required))
            foreach (var name in required.EnumerateArray())
                if (!value.TryGetProperty(name.GetString()!, out _))
                    yield return $"{at}: lacks {name}";

        var children = value.ValueKind switch
        {
            JsonValueKind.Array => value.EnumerateArray().Select((item, index) => ($"{at}[{index}]", Schema: (JsonElement?)schema.GetProperty("items"), item)),
            JsonValueKind.Object => value.EnumerateObject().Select(member => ($"{at}.{member.Name}", Schema: Member(schema, member.Name), member.Value)),
            _ => [],
        };
        foreach (var (path, child, item) in children)
        {
            if (child is not { } known) yield return $"{path}: is not in the schema";
            else if (known.ValueKind == JsonValueKind.Object)
                foreach (var problem in Problems(known, item, path))
                    yield return problem;
        }
    }

    private static JsonElement? Member(JsonElement schema, string name) =>
        schema.TryGetProperty("properties", out var properties) && properties.TryGetProperty(name, out var member) ? member
        : schema.TryGetProperty("additionalProperties", out var other) && other.ValueKind == JsonValueKind.True ? other
        : null;

    private static bool Is(string type, JsonElement value) => type switch
    {
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "number" => value.ValueKind == JsonValueKind.Number,
        "array" => value.ValueKind == JsonValueKind.Array,
        "object" => value.ValueKind == JsonValueKind.Object,
        _ => false,
    };

    private static bool IsMoment(string text) =>
        text.EndsWith('Z') && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out _);
}

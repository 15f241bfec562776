using System.Text.Json.Nodes;
using Sidecar.Tests.Manifests.Rendering;

namespace Sidecar.Tests.Manifests.Crds;

/// <summary>
/// What the API server would say to an add-on's object, from the tables beside this: a line for each object within, with its
/// fields. <c>name!</c> is required; a type is str, int, bool, map, object (described on a line of its own) or - (known, and
/// not described because nothing here uses it); [] is a list; =A|B what a text may be.
/// </summary>
internal static class CrdFacts
{
    private static readonly Dictionary<string, Dictionary<string, Dictionary<string, Field>>> Kinds = Read();

    public static bool Knows(JsonObject document) => Kinds.ContainsKey(KindOf(document));

    public static IEnumerable<string> Faults(JsonObject document)
    {
        if (!Knows(document)) return [$"{KindOf(document)} is not described"];
        var spec = new JsonObject(document.Where(pair => pair.Key is not ("apiVersion" or "kind" or "metadata")).Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone())));
        return Faults(Kinds[KindOf(document)], ".", spec).Select(fault => $"{document["kind"]} {fault}");
    }

    private static IEnumerable<string> Faults(Dictionary<string, Dictionary<string, Field>> kind, string path, JsonObject value)
    {
        if (!kind.TryGetValue(path, out var fields)) return [$"{path} is not described"];
        return fields.Where(field => field.Value.IsRequired && value[field.Key] is null).Select(field => $"{path} lacks {field.Key}").Concat(value.SelectMany(pair =>
        {
            var at = path == "." ? pair.Key : $"{path}.{pair.Key}";
            return fields.TryGetValue(pair.Key, out var field) ? Faults(kind, at, field, field.Depth, pair.Value) : [$"{at} is no field"];
        }));
    }

    private static IEnumerable<string> Faults(Dictionary<string, Dictionary<string, Field>> kind, string at, Field field, int depth, JsonNode? value)
    {
        if (depth > 0) return value is JsonArray list ? list.SelectMany(item => Faults(kind, at, field, depth - 1, item)) : [$"{at} is no list"];
        return field.Type switch
        {
            "object" when value is JsonObject within => Faults(kind, at, within),
            "map" when value is JsonObject => [],
            "str" when value is JsonValue text && text.TryGetValue<string>(out var given) => field.Choices.Length == 0 || field.Choices.Contains(given) ? [] : [$"{at} is none of {string.Join(", ", field.Choices)}"],
            "int" when value is JsonValue number && number.TryGetValue<long>(out _) => [],
            "bool" when value is JsonValue flag && flag.TryGetValue<bool>(out _) => [],
            "-" => [$"{at} is used and not described"],
            _ => [$"{at} is no {field.Type}"],
        };
    }

    private static string KindOf(JsonObject document) => $"{document["apiVersion"]} {document["kind"]}";

    private static Dictionary<string, Dictionary<string, Dictionary<string, Field>>> Read()
    {
        var kinds = new Dictionary<string, Dictionary<string, Dictionary<string, Field>>>();
        foreach (var file in Directory.EnumerateFiles(Repository.PathOf("tests/Manifests/Crds"), "*.txt"))
        {
            var kind = new Dictionary<string, Dictionary<string, Field>>();
            foreach (var line in File.ReadLines(file).Where(line => line.Length > 0 && line[0] != '#'))
            {
                if (line[0] != ' ') kinds.Add(line, kind = []);
                else kind.Add(line[..line.IndexOf(": ", StringComparison.Ordinal)].Trim(), line[(line.IndexOf(": ", StringComparison.Ordinal) + 2)..].Split(' ').Select(Field.Parse).ToDictionary());
            }
        }

        return kinds;
    }
}

using System.Text.Json.Nodes;

namespace Sidecar.Tests.Containers.Pods.Rendering;

/// <summary>One value that two pods do not share.</summary>
/// <param name="Path">Where it is; a member of a list is named by its name, whichever place it has.</param>
/// <param name="Before">Its value; null where it was not there.</param>
/// <param name="After">What became of it; null where it went.</param>
internal sealed record Difference(string Path, string? Before, string? After)
{
    private static readonly string[] NameKeys = ["name", "mountPath", "ip"];

    public static IReadOnlyList<Difference> Between(JsonObject before, JsonObject after)
    {
        var (old, now) = (Flat(before), Flat(after));
        return [.. old.Keys.Union(now.Keys).Order(StringComparer.Ordinal)
            .Select(path => new Difference(path, old.GetValueOrDefault(path), now.GetValueOrDefault(path)))
            .Where(difference => difference.Before != difference.After)];
    }

    public override string ToString() => $"{Path}: {Before ?? "-"} → {After ?? "-"}";

    private static Dictionary<string, string> Flat(JsonNode? root)
    {
        var values = new Dictionary<string, string>();
        Visit("", root);
        return values;

        void Visit(string path, JsonNode? node)
        {
            if (node is JsonObject map)
            {
                foreach (var (key, value) in map) Visit(Member(path, key), value);
            }
            else if (node is JsonArray list)
            {
                for (var index = 0; index < list.Count; index++)
                {
                    var name = NameKeys.Select(key => (list[index] as JsonObject)?[key]).OfType<JsonValue>().FirstOrDefault();
                    var at = $"{path}[{name?.ToString() ?? $"{index}"}]";
                    // Containers are compared wherever they stand; that one stands elsewhere is a difference of its own.
                    if (path.EndsWith("ontainers", StringComparison.Ordinal)) (values[$"/spec/[{name}] in"], at) = (path, $"/spec/[{name}]");
                    Visit(at, list[index]);
                }
            }
            else
            {
                values[path] = node?.ToJsonString() ?? "null";
            }
        }
    }

    private static string Member(string path, string key) => $"{path}/{key}";
}

using System.Text.Json.Nodes;
using Sidecar.Tests.Manifests.Rendering;

namespace Sidecar.Tests.Manifests.Policy;

/// <summary>A change of a manifest for the worse.</summary>
/// <param name="Rule">The rule that has to notice.</param>
/// <param name="Where">Kind of the object, its container if it is in one, and the path within: <c>Deployment/broker image</c>.</param>
/// <param name="Value">What is put there, as JSON; null: it is taken away.</param>
/// <param name="Components">What is rendered before.</param>
internal sealed record Mutation(string Rule, string Where, string? Value, params string[] Components)
{
    public static IReadOnlyList<Mutation> All { get; } = [.. PodMutations.All, .. NetworkMutations.All];

    public void Change(Rendered rendered)
    {
        var (target, path) = (Where.Split(' ')[0].Split('/'), Where.Split(' ')[1]);
        JsonNode node = rendered.Documents.First(document => (string?)document["kind"] == target[0] && (target.Length == 1 || target[0] == "Deployment" || ((string)document["metadata"]!["name"]!).Contains($"-{target[1]}", StringComparison.Ordinal)));
        if (target.Length == 2 && target[0] == "Deployment") node = node["spec"]!["template"]!["spec"]![target[1] == "broker" ? "initContainers" : "containers"]![0]!;
        var steps = path.Split('|');
        foreach (var step in steps[..^1]) node = Into(node, step);
        if (node is JsonArray list)
        {
            if (steps[^1] == "+") list.Add(JsonNode.Parse(Value!));
            else if (Value is null) list.RemoveAt(int.Parse(steps[^1], provider: null));
            else list[int.Parse(steps[^1], provider: null)] = JsonNode.Parse(Value);
        }
        else if (Value is null)
        {
            node.AsObject().Remove(steps[^1]).ShouldBeTrue($"{this}: there is nothing to take away");
        }
        else
        {
            node[steps[^1]] = JsonNode.Parse(Value);
        }
    }

    public override string ToString() => $"{Rule}: {Where} = {Value ?? "nothing"}";

    private static JsonNode Into(JsonNode node, string step) =>
        node is JsonArray list ? list[int.Parse(step, provider: null)]! : node[step] ?? (node[step] = new JsonObject());
}

using System.Text.Json.Nodes;
using YamlDotNet.Serialization;

namespace Sidecar.Tests.Manifests.Rendering;

/// <summary>YAML as JSON, in which rules look and which mutations change.</summary>
internal static class Yaml
{
    private static readonly IDeserializer Reader = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build();

    /// <summary>The documents of a rendering, each as text.</summary>
    public static IEnumerable<string> Documents(string text) => text.Split("\n---\n", StringSplitOptions.RemoveEmptyEntries);

    public static JsonObject Parse(string document) => (JsonObject)Node(Reader.Deserialize<object?>(document))!;

    private static JsonNode? Node(object? value) => value switch
    {
        null => null,
        IDictionary<object, object?> map => new JsonObject(map.Select(pair => KeyValuePair.Create($"{pair.Key}", Node(pair.Value)))),
        IEnumerable<object?> list => new JsonArray([.. list.Select(Node)]),
        string text => JsonValue.Create(text),
        bool flag => JsonValue.Create(flag),
        float or double => JsonValue.Create(Convert.ToDouble(value, provider: null)),
        _ => JsonValue.Create(Convert.ToInt64(value, provider: null)),
    };
}

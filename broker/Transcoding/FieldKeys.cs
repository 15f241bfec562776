using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf.Reflection;
using Sidecar.Contract;

namespace Sidecar.Broker.Transcoding;

/// <summary>Where a field of the contract is found in ServiceDesk Plus' JSON.</summary>
internal static class FieldKeys
{
    /// <summary>The key; dots descend.</summary>
    public static string Key(this FieldDescriptor field) => field.Annotation() is { Key.Length: > 0 } annotation ? annotation.Key : field.Name;

    /// <summary>True if the field itself is a member of the body.</summary>
    public static bool IsInBody(this FieldDescriptor field) =>
        field.Annotation() is { Local: false, Clears: false, ListInfo.Length: 0, Where.Count: 0, IdOf.Length: 0 };

    /// <summary>The value at a key, if it is there and not null. Null also arrives as the text "null".</summary>
    public static bool TryFind(JsonElement record, string key, out JsonElement value)
    {
        value = record;
        foreach (var part in key.Split('.'))
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(part, out value)) return false;
        return !IsNull(value);
    }

    /// <summary>True for null and for the text "null".</summary>
    public static bool IsNull(JsonElement value) =>
        value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined || (value.ValueKind == JsonValueKind.String && value.ValueEquals("null"));

    /// <summary>Puts a value at a key, making the objects on the way.</summary>
    public static void Put(JsonObject body, string key, JsonNode? value)
    {
        var parts = key.Split('.');
        foreach (var part in parts[..^1])
        {
            if (body[part] is not JsonObject inner) body[part] = inner = [];
            body = inner;
        }

        body[parts[^1]] = value;
    }
}

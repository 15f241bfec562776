using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Sidecar.Contract;

namespace Sidecar.Shim.Results;

/// <summary>The JSON Schema that answers of an operation fit.</summary>
internal sealed class OutputSchema(Catalog contract)
{
    /// <summary>Stands for a choice that is newer than this shim.</summary>
    public const string OtherChoice = "other";

    public JsonElement Of(MessageDescriptor type) => JsonElement.Parse(Record(type).ToJsonString());

    private JsonObject Record(MessageDescriptor type)
    {
        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (var field in type.Fields.InFieldNumberOrder())
        {
            properties[field.Name] = Described(field, field.IsRepeated ? List(field) : One(field));
            if (field.IsAlwaysWritten()) required.Add((JsonNode)field.Name);
        }

        var schema = new JsonObject { ["type"] = "object", ["properties"] = properties };
        if (required.Count > 0) schema["required"] = required;
        schema["additionalProperties"] = false;
        return schema;
    }

    private JsonObject List(FieldDescriptor field) => new() { ["type"] = "array", ["items"] = One(field) };

    private JsonObject One(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.String => new JsonObject { ["type"] = "string" },
        FieldType.Bool => new JsonObject { ["type"] = "boolean" },
        FieldType.Int32 or FieldType.Int64 or FieldType.UInt32 => new JsonObject { ["type"] = "integer" },
        FieldType.Double => new JsonObject { ["type"] = "number" },
        FieldType.Enum => new JsonObject { ["type"] = "string", ["enum"] = Choices(field.EnumType) },
        FieldType.Message when field.MessageType == Timestamp.Descriptor => new JsonObject { ["type"] = "string", ["format"] = "date-time" },
        FieldType.Message when field.MessageType == Struct.Descriptor => new JsonObject { ["type"] = "object", ["additionalProperties"] = true },
        FieldType.Message => Record(field.MessageType),
        _ => throw new NotSupportedException($"{field.FullName}: no JSON is defined for {field.FieldType} in an answer."),
    };

    private JsonObject Described(FieldDescriptor field, JsonObject schema)
    {
        if (contract.Describe(field) is { Length: > 0 } comment) schema["description"] = comment;
        return schema;
    }

    private static JsonArray Choices(EnumDescriptor type) =>
        new([.. type.Choices().Select(choice => (JsonNode)choice.PlainName()), (JsonNode)OtherChoice]);
}

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Sidecar.Contract;
using Field = Sidecar.Contract.Field;

namespace Sidecar.Shim.Arguments;

/// <summary>The JSON Schema of an operation's arguments, as models see it. It is only advertised: <see cref="ArgumentBinder"/> enforces.</summary>
internal sealed class InputSchema(Catalog contract)
{
    public JsonElement Of(MessageDescriptor type)
    {
        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (var field in type.Fields.InFieldNumberOrder())
        {
            properties[field.Name] = Property(field);
            if (field.IsRequiredByContract()) required.Add((JsonNode)field.Name);
        }

        var schema = new JsonObject { ["type"] = "object", ["properties"] = properties };
        if (required.Count > 0) schema["required"] = required;
        schema["additionalProperties"] = false;
        return JsonElement.Parse(schema.ToJsonString());
    }

    private JsonObject Property(FieldDescriptor field)
    {
        var bounds = field.Annotation();
        var value = Value(field, bounds);
        if (field.IsRepeated)
        {
            value = new JsonObject { ["type"] = "array", ["items"] = value };
            if (field.IsRequiredByContract()) value["minItems"] = 1;
            if (bounds.MaxItems > 0) value["maxItems"] = bounds.MaxItems;
        }

        value["description"] = Description(field);
        if (bounds.Default.Length > 0) value["default"] = Default(field, bounds.Default);
        return value;
    }

    private static JsonObject Value(FieldDescriptor field, Field bounds) => field.FieldType switch
    {
        FieldType.String => Text(field, bounds),
        FieldType.Bool => new JsonObject { ["type"] = "boolean" },
        FieldType.Int32 or FieldType.Int64 => Integer(bounds),
        FieldType.Enum => new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. field.EnumType.Choices().Select(choice => (JsonNode)choice.PlainName())]) },
        FieldType.Message when field.MessageType == Timestamp.Descriptor => new JsonObject { ["type"] = "string", ["format"] = "date-time" },
        FieldType.Message when field.MessageType == Struct.Descriptor => new JsonObject { ["type"] = "object", ["additionalProperties"] = true },
        _ => throw new NotSupportedException($"{field.FullName}: no argument is defined for {field.FieldType}."),
    };

    private static JsonObject Text(FieldDescriptor field, Field bounds)
    {
        var schema = new JsonObject { ["type"] = "string" };
        if (field.IsRequiredByContract()) schema["minLength"] = 1;
        if (bounds.MaxLength > 0) schema["maxLength"] = bounds.MaxLength;
        if (bounds.Pattern.Length > 0) schema["pattern"] = bounds.Pattern;
        return schema;
    }

    private static JsonObject Integer(Field bounds) => bounds.Max == 0
        ? new JsonObject { ["type"] = "integer" }
        : new JsonObject { ["type"] = "integer", ["minimum"] = bounds.Min, ["maximum"] = bounds.Max };

    private string Description(FieldDescriptor field)
    {
        var comment = contract.Describe(field);
        if (field.FieldType == FieldType.Enum)
            return $"{comment} {string.Join(" ", field.EnumType.Choices().Select(choice => $"{choice.PlainName()}: {contract.Describe(choice)}"))}";

        return field.FieldType == FieldType.Message && field.MessageType == Timestamp.Descriptor
            ? $"{comment} RFC 3339 with an offset, for example 2026-07-01T09:00:00+02:00."
            : comment;
    }

    private static JsonNode Default(FieldDescriptor field, string text) => field.FieldType switch
    {
        FieldType.Int32 or FieldType.Int64 => long.Parse(text, CultureInfo.InvariantCulture),
        FieldType.Bool => bool.Parse(text),
        _ => text,
    };
}

using System.Collections;
using System.Globalization;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Sidecar.Contract;
using Field = Sidecar.Contract.Field;

namespace Sidecar.Broker.Transcoding;

/// <summary>
/// Turns a record of ServiceDesk Plus into a message of the contract. What does not fit the contract's type is left out,
/// never guessed and never an error: instances differ.
/// </summary>
internal static class Decoder
{
    public static IMessage Record(JsonElement record, MessageDescriptor type)
    {
        var message = type.Parser.ParseFrom(ByteString.Empty);
        Fill(message, record);
        return message;
    }

    public static void Fill(IMessage message, JsonElement record)
    {
        foreach (var field in message.Descriptor.Fields.InFieldNumberOrder())
        {
            var annotation = field.Annotation();
            if (annotation.Local || annotation.ListInfo.Length > 0 || !FieldKeys.TryFind(record, field.Key(), out var found)) continue;
            if (!field.IsRepeated)
            {
                if (Value(field, annotation, found) is { } value) field.Accessor.SetValue(message, value);
            }
            else if (found.ValueKind == JsonValueKind.Array)
            {
                var list = (IList)field.Accessor.GetValue(message);
                foreach (var item in found.EnumerateArray())
                    if (!FieldKeys.IsNull(item) && Value(field, annotation, item) is { } value) list.Add(value);
            }
        }
    }

    /// <summary>A time as the API writes it: epoch milliseconds as text, alone or as the "value" of an object.</summary>
    public static bool TryTime(JsonElement element, out Timestamp time)
    {
        time = new Timestamp();
        if (element.ValueKind == JsonValueKind.Object && !element.TryGetProperty("value", out element)) return false;
        if (!long.TryParse(Text(element), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var milliseconds)) return false;
        // Far from today it is no time but a number.
        if (milliseconds is < 100_000_000_000 or > 32_000_000_000_000) return false;
        time = Timestamp.FromDateTimeOffset(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds));
        return true;
    }

    /// <summary>What a value says as text; of an object, what people would read.</summary>
    public static string? Text(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Number => element.GetRawText(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Object => Spellings.Select(key => element.TryGetProperty(key, out var inner) && !FieldKeys.IsNull(inner) ? Text(inner) : null)
            .FirstOrDefault(text => text is not null),
        _ => null,
    };

    private static readonly string[] Spellings = ["name", "display_value", "value", "email_id", "content", "id"];

    private static object? Value(FieldDescriptor field, Field annotation, JsonElement element) => field.FieldType switch
    {
        FieldType.String when annotation.As == Form.Text => Text(element) is { } html ? PlainText.FromHtml(html, annotation.MaxLength) : null,
        FieldType.String when annotation.As == Form.Person => Address(element),
        FieldType.String => Text(element),
        FieldType.Bool => bool.TryParse(Text(element), out var flag) ? flag : null,
        FieldType.Int32 => int.TryParse(Text(element), CultureInfo.InvariantCulture, out var number) ? number : null,
        FieldType.Int64 => long.TryParse(Text(element), CultureInfo.InvariantCulture, out var number) ? number : null,
        FieldType.Message when field.MessageType == Timestamp.Descriptor => TryTime(element, out var time) ? time : null,
        FieldType.Message when field.MessageType == Struct.Descriptor => element.ValueKind == JsonValueKind.Object && CustomFields.Decode(element) is { Fields.Count: > 0 } fields ? fields : null,
        FieldType.Message => element.ValueKind == JsonValueKind.Object ? Record(element, field.MessageType) : null,
        _ => null,
    };

    private static string? Address(JsonElement element) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty("email_id", out var address) ? Text(address) : Text(element);
}

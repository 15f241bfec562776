using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf.WellKnownTypes;

namespace Sidecar.Broker.Transcoding;

/// <summary>The instance's own fields: <c>udf_fields</c> there, a plain object here.</summary>
internal static class CustomFields
{
    // A level here is three of protobuf, whose parsers stop at a hundred; what lies deeper is given as its JSON.
    private const int MostLevels = 8;

    // Beyond this a double drops digits.
    private const double LargestExact = 9007199254740991;

    private static readonly string[] Moments =
        ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    public static JsonObject Encode(Struct fields) =>
        new(fields.Fields.Select(field => KeyValuePair.Create(field.Key, Encode(field.Key, field.Value))));

    public static Struct Decode(JsonElement fields) => Decode(fields, MostLevels);

    private static Struct Decode(JsonElement fields, int levels)
    {
        var decoded = new Struct();
        foreach (var field in fields.EnumerateObject().Where(member => member.Name.Length > 0))
            if (!FieldKeys.IsNull(field.Value)) decoded.Fields[field.Name] = DecodeValue(field.Value, levels - 1);
        return decoded;
    }

    private static JsonNode? Encode(string key, Value value) => value.KindCase switch
    {
        Value.KindOneofCase.StringValue => IsDate(key) ? EncodeDate(value.StringValue) : JsonValue.Create(value.StringValue),
        Value.KindOneofCase.BoolValue => JsonValue.Create(value.BoolValue),
        // Written as text, a whole number keeps its digits.
        Value.KindOneofCase.NumberValue => JsonNode.Parse(value.NumberValue.ToString("R", CultureInfo.InvariantCulture)),
        Value.KindOneofCase.ListValue => new JsonArray([.. value.ListValue.Values.Select(item => Encode("", item))]),
        Value.KindOneofCase.StructValue => new JsonObject(value.StructValue.Fields.Select(field => KeyValuePair.Create(field.Key, Encode("", field.Value)))),
        _ => null,
    };

    // The instance's keys say the type: udf_date1, udf_datetime_3, date_of_purchase.
    public static bool IsDate(string key) => key.Split('_').Any(part => part.StartsWith("date", StringComparison.OrdinalIgnoreCase));

    private static JsonNode EncodeDate(string text)
    {
        // A day without a time is a datestamp and stays a day; a moment goes as epoch milliseconds.
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)) return new JsonObject { ["value"] = text };
        // Anything but RFC 3339 with an offset would be a guess; the instance says what is wrong with it.
        return (text.EndsWith('Z') || text.LastIndexOfAny(['+', '-']) > text.IndexOf('T'))
            && DateTimeOffset.TryParseExact(text, Moments, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? new JsonObject { ["value"] = time.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture) }
            : JsonValue.Create(text);
    }

    private static Value DecodeValue(JsonElement value, int levels) => value.ValueKind switch
    {
        JsonValueKind.String => Value.ForString(value.GetString()!),
        JsonValueKind.Number => Number(value),
        JsonValueKind.True => Value.ForBool(true),
        JsonValueKind.False => Value.ForBool(false),
        JsonValueKind.Array or JsonValueKind.Object when levels <= 0 => Value.ForString(value.GetRawText()),
        JsonValueKind.Array => Value.ForList([.. value.EnumerateArray().Select(item => DecodeValue(item, levels - 1))]),
        JsonValueKind.Object when Decoder.TryTime(value, out var time) => Value.ForString(time.ToDateTimeOffset().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)),
        JsonValueKind.Object when value.TryGetProperty("value", out var inner) => DecodeValue(inner, levels - 1),
        JsonValueKind.Object when value.TryGetProperty("name", out var name) => DecodeValue(name, levels - 1),
        JsonValueKind.Object => Value.ForStruct(Decode(value, levels)),
        _ => Value.ForNull(),
    };

    // A whole number that a double cannot hold keeps its digits as text.
    private static Value Number(JsonElement value)
    {
        var number = value.GetDouble();
        return double.IsFinite(number) && (Math.Abs(number) <= LargestExact || value.GetRawText().AsSpan().ContainsAny('.', 'e', 'E'))
            ? Value.ForNumber(number)
            : Value.ForString(value.GetRawText());
    }
}

using System.Text.Json.Nodes;
using Google.Protobuf.Reflection;
using Sidecar.Broker.Transcoding;

namespace Sidecar.Tests.Unit.Broker;

/// <summary>JSON with the keys a message knows and values of any kind.</summary>
internal static class RandomJson
{
    private static readonly string[] Texts =
        ["", "null", "x", "true", "1593000300533", "-1", "999999999999999999999", "<b>&amp;</b><!--", "😀", "2026-01-01", "NaN", "\u0000", " 7 "];

    private static readonly string[] Numbers = ["0", "-1", "1593000300533", "12345678901234567890", "1e400", "-1e-400", "0.1", "2147483648"];

    public static JsonNode Record(Random random, MessageDescriptor type)
    {
        var record = new JsonObject();
        foreach (var field in type.Fields.InFieldNumberOrder())
        {
            if (random.Next(3) == 0) continue;
            var value = field.FieldType == FieldType.Message && random.Next(2) == 0 && field.MessageType.File == type.File ? Record(random, field.MessageType) : Any(random, 4);
            FieldKeys.Put(record, field.Key(), field.IsRepeated && random.Next(2) == 0 ? new JsonArray(value, Any(random, 2)) : value);
        }

        return record;
    }

    public static JsonNode? Any(Random random, int levels) => random.Next(levels > 0 ? 8 : 5) switch
    {
        0 => null,
        1 => JsonNode.Parse(Numbers[random.Next(Numbers.Length)]),
        2 => random.Next(2) == 0,
        3 or 4 => Texts[random.Next(Texts.Length)],
        5 => new JsonArray([.. Enumerable.Range(0, random.Next(3)).Select(_ => Any(random, levels - 1))]),
        _ => new JsonObject(new[] { "name", "value", "id", "email_id", "content", "display_value", "x" }.Where(_ => random.Next(3) == 0)
            .Select(key => KeyValuePair.Create(key, Any(random, levels - 1)))),
    };
}

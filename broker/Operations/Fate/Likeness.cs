using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf.Reflection;
using Sidecar.Broker.Transcoding;
using Sidecar.Contract;

namespace Sidecar.Broker.Operations.Fate;

/// <summary>How far a record is the one that was asked for.</summary>
internal enum Likeness
{
    Other,
    MayBe,
    Same,
}

/// <summary>Compares a record with the body that may have made it.</summary>
internal static class Likenesses
{
    /// <summary>Compares the keys that the contract names.</summary>
    /// <param name="asked">The body that was sent, without its wrapper.</param>
    /// <param name="found">The record.</param>
    /// <param name="call">Says which keys, and which constants the body carried.</param>
    /// <param name="type">Says how the values are spelled.</param>
    public static Likeness Of(JsonObject asked, JsonElement found, Call call, MessageDescriptor type)
    {
        if (IsOther(asked, found, call, type)) return Likeness.Other;
        var keys = call.Trace.Same.Where(key => asked.ContainsKey(key)).ToList();
        var same = keys.TakeWhile(key => IsSame(asked[key], found, key, type)).Count();
        return same == keys.Count ? Likeness.Same : same > 0 ? Likeness.MayBe : Likeness.Other;
    }

    /// <summary>True if a record, or a row that has only some of its keys, shows that it is another one.</summary>
    public static bool IsOther(JsonObject asked, JsonElement found, Call call, MessageDescriptor type) =>
        call.Always.Any(constant => FieldKeys.TryFind(found, constant.Key, out var value) && !Same(JsonNode.Parse(constant.Json)!.ToString(), Decoder.Text(value)))
        || (FieldKeys.TryFind(found, call.Trace.Same[0], out _) && !IsSame(asked[call.Trace.Same[0]], found, call.Trace.Same[0], type));

    private static bool IsSame(JsonNode? asked, JsonElement found, string key, MessageDescriptor type)
    {
        if (asked is null || !FieldKeys.TryFind(found, key, out var value)) return false;
        var isHtml = type.Fields.InFieldNumberOrder().Any(field => field.Key() == key && field.Annotation().As == Form.Text);
        return asked switch
        {
            JsonArray items => value.ValueKind == JsonValueKind.Array && items.All(item => value.EnumerateArray().Any(one => Same(item!.ToString(), Address(one)))),
            // A person or a name, by the one spelling that was sent.
            JsonObject lookup => lookup.All(part => FieldKeys.TryFind(value, part.Key, out var spelled) && Same(part.Value!.ToString(), Decoder.Text(spelled))),
            _ when isHtml => Same(PlainText.FromHtml(asked.ToString()), PlainText.FromHtml(Decoder.Text(value) ?? "")),
            _ => Same(asked.ToString(), Decoder.Text(value)),
        };
    }

    private static string? Address(JsonElement person) =>
        FieldKeys.TryFind(person, "email_id", out var address) ? Decoder.Text(address) : Decoder.Text(person);

    // Instances trim, and fold spaces.
    private static bool Same(string asked, string? found) =>
        found is not null && string.Equals(Words(asked), Words(found), StringComparison.OrdinalIgnoreCase);

    private static string Words(string text) => string.Join(' ', text.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries));
}

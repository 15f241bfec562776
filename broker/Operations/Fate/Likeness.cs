using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf.Reflection;
using Sidecar.Broker.Transcoding;
using Sidecar.Contract;

namespace Sidecar.Broker.Operations.Fate;

/// <summary>How far a record is the one that was asked for. Other is proof that it is not; anything short of proof is MayBe.</summary>
internal enum Likeness
{
    Other,
    MayBe,
    Same,
}

/// <summary>Compares a record with the body that may have made it.</summary>
/// <param name="asked">The body that was sent, without its wrapper.</param>
/// <param name="call">Says which keys tell records apart, and which constants the body carried.</param>
/// <param name="type">Says how the values are spelled.</param>
internal sealed class Comparison(JsonObject asked, Call call, MessageDescriptor type)
{
    private readonly HashSet<string> _html =
        [.. type.Fields.InFieldNumberOrder().Where(field => field.Annotation().As == Form.Text).Select(field => field.Key())];

    /// <summary>Compares a whole record.</summary>
    public Likeness Of(JsonElement found)
    {
        if (IsOther(found)) return Likeness.Other;
        var isSame = call.Trace.Same.Where(asked.ContainsKey).All(key => FieldKeys.TryFind(found, key, out var value) && IsSame(asked[key], value, key));
        // What an instance's own rules have changed may also be another wish with the same words.
        var contradicts = asked.Any(member => FieldKeys.TryFind(found, member.Key, out var value) && !IsSame(member.Value, value, member.Key));
        return isSame && !contradicts ? Likeness.Same : Likeness.MayBe;
    }

    /// <summary>True if a record, or a row that has only some of its keys, shows that it is another one.</summary>
    public bool IsOther(JsonElement found)
    {
        if (call.Always.Any(constant => FieldKeys.TryFind(found, constant.Key, out var value) && !Same(JsonNode.Parse(constant.Json)!.ToString(), Decoder.Text(value)))) return true;
        var first = call.Trace.Same[0];
        return FieldKeys.TryFind(found, first, out var shown) && !Overlaps(Plain(asked[first]?.ToString() ?? "", first), Plain(Decoder.Text(shown) ?? "", first));
    }

    private bool IsSame(JsonNode? wanted, JsonElement value, string key) => wanted switch
    {
        null => FieldKeys.IsNull(value),
        JsonArray items => value.ValueKind == JsonValueKind.Array && items.All(item => value.EnumerateArray().Any(one => Same(item!.ToString(), Address(one)))),
        // A person or a name, by the one spelling that was sent.
        JsonObject parts => parts.All(part => FieldKeys.TryFind(value, part.Key, out var spelled) && IsSame(part.Value, spelled, key)),
        _ => Same(Plain(wanted.ToString(), key), Plain(Decoder.Text(value) ?? "", key)),
    };

    private string Plain(string text, string key) => _html.Contains(key) ? PlainText.FromHtml(text) : text;

    private static string? Address(JsonElement person) =>
        FieldKeys.TryFind(person, "email_id", out var address) ? Decoder.Text(address) : Decoder.Text(person);

    // Instances trim, and fold spaces.
    private static bool Same(string asked, string? found) =>
        found is not null && string.Equals(Words(asked), Words(found), StringComparison.OrdinalIgnoreCase);

    private static string Words(string text) => string.Join(' ', text.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries));

    // Instances put words before a subject, clean HTML in ways of their own, and lose characters that their database lacks.
    private static bool Overlaps(string asked, string found)
    {
        var (left, right) = (Letters(asked), Letters(found));
        return left.Contains(right, StringComparison.Ordinal) || right.Contains(left, StringComparison.Ordinal);
    }

    private static string Letters(string text) => string.Concat(text.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
}

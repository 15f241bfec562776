using System.Text.Json;
using System.Text.RegularExpressions;
using Sidecar.Contract;

namespace Sidecar.Shim.Arguments;

/// <summary>Text within the contract's bounds. Whole numbers count as text: clients do send {"id": 7}.</summary>
internal sealed class StringReader(Field bounds) : ValueReader
{
    private readonly Regex? _pattern = bounds.PatternRegex();

    public override ReadValue Read(JsonElement value)
    {
        var text = value.ValueKind switch
        {
            JsonValueKind.String => Words.TextOf(value),
            JsonValueKind.Number when value.GetRawText() is var digits && digits.TrimStart('-').All(char.IsAsciiDigit) => digits,
            _ => null,
        };
        if (text is null) return Expected("text", value);
        if (text.Length == 0) return default;

        // JSON Schema counts characters, not UTF-16 units.
        if (bounds.MaxLength > 0 && text.Length > bounds.MaxLength && text.EnumerateRunes().Count() is var length && length > bounds.MaxLength)
            return ReadValue.Bad($"has {length} characters; at most {bounds.MaxLength} are accepted.");

        return _pattern?.IsMatch(text) == false
            ? ReadValue.Bad($"{Words.Quote(text)} does not match {bounds.Pattern}.")
            : ReadValue.Of(text);
    }
}

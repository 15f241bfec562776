using System.Text;
using System.Text.Unicode;

namespace Sidecar.Broker.Sdp;

/// <summary>
/// Makes the text of an answer readable before it is parsed. JSON can spell half a character, and an instance can send
/// bytes that are no text; the parser takes both and fails only when the text is asked for, deep inside a record.
/// </summary>
internal static class AnswerText
{
    private const int EscapeLength = 6;

    /// <summary>The bytes as UTF-8 without halves of characters; U+FFFD stands where one was. Mostly they are mended in place.</summary>
    public static Memory<byte> Repair(Memory<byte> bytes)
    {
        if (bytes.Span.StartsWith("\uFEFF"u8)) bytes = bytes[3..];
        if (!Utf8.IsValid(bytes.Span)) bytes = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes.Span));
        var json = bytes.Span;
        for (var i = 0; i < json.Length; i++)
        {
            if (json[i] != '\\') continue;
            var unit = Unit(json, i);
            if (unit is >= 0xD800 and <= 0xDBFF && Unit(json, i + EscapeLength) is >= 0xDC00 and <= 0xDFFF) i += EscapeLength + EscapeLength - 1;
            else if (unit is >= 0xD800 and <= 0xDFFF) "fffd"u8.CopyTo(json[(i + 2)..]);
            else i++;
        }

        return bytes;
    }

    // The value of a \uXXXX that begins there, or null.
    private static int? Unit(ReadOnlySpan<byte> json, int at) =>
        at + EscapeLength <= json.Length && json[at] == '\\' && json[at + 1] == 'u'
        && int.TryParse(json.Slice(at + 2, 4), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var unit) ? unit : null;
}

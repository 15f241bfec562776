using System.Globalization;
using System.Text;

namespace Sidecar.Broker.Operations;

/// <summary>
/// Makes text of the instance fit to stand inside our sentences: on one line, in quotes it cannot close, and short. It may
/// hold anything, also what looks like our own advice.
/// </summary>
internal static class Quote
{
    /// <summary>The text in double quotes.</summary>
    public static string Text(string text, int maxLength) => $"\"{Line(text, maxLength)}\"";

    /// <summary>The text on one line, without double quotes of its own.</summary>
    public static string Line(string text, int maxLength)
    {
        var line = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (line.Length + rune.Utf16SequenceLength > maxLength) return line.Append('…').ToString();
            _ = Rune.GetUnicodeCategory(rune) switch
            {
                UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => line.Append(' '),
                // Direction marks can make a line read differently from what it says.
                UnicodeCategory.Format => line,
                _ when rune.Value == '"' => line.Append('\''),
                _ => line.Append(rune.ToString()),
            };
        }

        return line.ToString();
    }
}

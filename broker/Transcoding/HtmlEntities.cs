using System.Globalization;
using System.Text.RegularExpressions;
using AngleSharp.Html;

namespace Sidecar.Broker.Transcoding;

/// <summary>Entities of HTML as the characters they stand for.</summary>
internal static partial class HtmlEntities
{
    // What numbers from 128 to 159 mean in HTML, as Windows wrote them.
    private const string Windows = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008DŽ\u008F\u0090‘’“”•–—˜™š›œ\u009DžŸ";

    public static string Decode(string text) => text.Contains('&', StringComparison.Ordinal) ? Entities().Replace(text, One) : text;

    private static string One(Match match)
    {
        var name = match.Groups[1].Value;
        if (name[0] != '#') return Named(match.Value, name);
        var isHex = name[1] is 'x' or 'X';
        var isNumber = int.TryParse(
            name.AsSpan(isHex ? 2 : 1), isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        if (isNumber && number is >= 128 and < 160) return Windows[number - 128].ToString();
        return isNumber && number != 0 && System.Text.Rune.IsValid(number) ? char.ConvertFromUtf32(number) : "\uFFFD";
    }

    private static string Named(string whole, string name)
    {
        if (whole.EndsWith(';') && HtmlEntityProvider.Resolver.GetSymbol(name + ";") is { } symbol) return symbol;
        // A few old ones go without the semicolon, also in front of a word.
        for (var length = Math.Min(name.Length, 6); length > 1; length--)
            if (HtmlEntityProvider.Resolver.GetSymbol(name[..length]) is { } old) return old + whole[(length + 1)..];
        return whole;
    }

    [GeneratedRegex("&(#[xX][0-9a-fA-F]{1,10}|#[0-9]{1,10}|[a-zA-Z][a-zA-Z0-9]{1,31});?")]
    private static partial Regex Entities();
}

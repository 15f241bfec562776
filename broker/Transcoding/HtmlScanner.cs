using System.Buffers;

namespace Sidecar.Broker.Transcoding;

/// <summary>
/// Goes through HTML once from left to right. No tree is built: a parser that follows the standard takes a minute for a
/// hundred thousand open tags, and anybody may send an e-mail with those.
/// </summary>
internal ref struct HtmlScanner(ReadOnlySpan<char> html)
{
    private static readonly SearchValues<char> EndOfName = SearchValues.Create(" \t\r\n\f/>");

    private ReadOnlySpan<char> _rest = html;

    /// <summary>What <see cref="Next"/> found.</summary>
    public enum Part
    {
        Text,
        Start,
        End,
    }

    /// <summary>The text as it stands there, or the attributes of a start tag.</summary>
    public ReadOnlySpan<char> Content { get; private set; }

    /// <summary>Name of the tag, in lower case.</summary>
    public string Name { get; private set; } = "";

    /// <summary>The next piece of text or tag; null at the end. Comments and declarations are passed over.</summary>
    public Part? Next()
    {
        while (!_rest.IsEmpty)
        {
            var open = _rest.IndexOf('<');
            if (open != 0 || !IsMarkup(_rest))
            {
                // A lone < is text.
                var from = open == 0 ? 1 : 0;
                var end = _rest[from..].IndexOf('<');
                Content = Take(end < 0 ? _rest.Length : from + end);
                return Part.Text;
            }

            if (_rest.StartsWith("<!--")) SkipComment();
            else if (_rest[1] is '!' or '?' || (_rest[1] == '/' && !char.IsAsciiLetter(_rest[2]))) SkipPast(">");
            else return Tag();
        }

        return null;
    }

    /// <summary>What stands before the end tag of an element that holds no tags, such as script; the end tag comes next.</summary>
    public ReadOnlySpan<char> RawText(string name)
    {
        var end = _rest.IndexOf($"</{name}", StringComparison.OrdinalIgnoreCase);
        return Take(end < 0 ? _rest.Length : end);
    }

    private static bool IsMarkup(ReadOnlySpan<char> rest) =>
        rest.Length > 1 && (char.IsAsciiLetter(rest[1]) || rest[1] is '!' or '?' || (rest[1] == '/' && rest.Length > 2));

    private Part Tag()
    {
        var part = _rest[1] == '/' ? Part.End : Part.Start;
        Take(part == Part.End ? 2 : 1);
        var length = _rest.IndexOfAny(EndOfName);
        var name = Take(length < 0 ? _rest.Length : length);
        // No element has a longer name.
        Name = name.Length > 32 ? "" : name.ToString().ToLowerInvariant();

        // A > in quotes does not end the tag.
        var i = 0;
        while (i < _rest.Length && _rest[i] != '>')
        {
            var isValue = _rest[i] is '"' or '\'' && i > 0 && _rest[..i].TrimEnd() is [.., '='];
            var close = isValue ? _rest[(i + 1)..].IndexOf(_rest[i]) : 0;
            i = close < 0 ? _rest.Length : i + close + (isValue ? 2 : 1);
        }

        Content = Take(Math.Min(i, _rest.Length));
        if (!_rest.IsEmpty) Take(1);
        return part;
    }

    private void SkipComment()
    {
        if (_rest.StartsWith("<!-->") || _rest.StartsWith("<!--->")) SkipPast(">");
        else SkipPast("-->");
    }

    private void SkipPast(string end)
    {
        var at = _rest.IndexOf(end);
        Take(at < 0 ? _rest.Length : at + end.Length);
    }

    private ReadOnlySpan<char> Take(int length)
    {
        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }
}

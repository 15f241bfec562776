using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Sidecar.Broker.Transcoding;

/// <summary>Descriptions, notes and e-mails are HTML there and plain text here.</summary>
internal static partial class PlainText
{
    // HTML is many times its text; beyond this a text is cut before it is read.
    private const int MaxHtml = 1024 * 1024;

    /// <summary>Escapes text, so that nothing in it is markup, and keeps its line breaks.</summary>
    public static string ToHtml(string text) => new StringBuilder(text)
        .Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;").Replace("\"", "&quot;")
        .Replace("\r\n", "\n").Replace("\n", "<br>")
        .ToString();

    /// <summary>What a person would read. Scripts, styles and hidden parts are left out, tags are gone, entities are characters.</summary>
    /// <param name="html">HTML, or CDATA with HTML in it, or plain text.</param>
    /// <param name="maxLength">Where longer text is cut; 0 for never. The cut is told in the text.</param>
    public static string FromHtml(string html, int maxLength = 0)
    {
        html = html.Trim();
        if (html.StartsWith("<![CDATA[", StringComparison.Ordinal))
        {
            html = html["<![CDATA[".Length..];
            if (html.EndsWith("]]>", StringComparison.Ordinal)) html = html[..^3];
        }

        html = Cut(html, MaxHtml);
        var text = html.AsSpan().IndexOfAny('<', '&') < 0 ? html : Read(html);
        text = text.Trim();
        if (maxLength == 0 || text.Length <= maxLength) return text;
        var kept = Cut(text, maxLength);
        return $"{kept}\n[cut here: {text.Length - kept.Length} more characters]";
    }

    /// <summary>The beginning of a text, never with half a character at its end.</summary>
    public static string Cut(string text, int length) =>
        text.Length <= length ? text : text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];

    private static string Read(string html)
    {
        var writer = new Writer();
        var open = new OpenElements();
        var scanner = new HtmlScanner(html);
        while (scanner.Next() is { } part)
        {
            var name = scanner.Name;
            if (part == HtmlScanner.Part.Text)
            {
                if (!open.IsHidden) writer.Words(WebUtility.HtmlDecode(scanner.Content.ToString()));
                continue;
            }

            if (part == HtmlScanner.Part.End)
            {
                open.Leave(name);
                if (IsBlock(name) && !open.IsHidden) writer.EnsureNewLine();
                continue;
            }

            if (IsRaw(name))
            {
                var raw = scanner.RawText(name);
                if (name is "textarea" or "xmp" && !open.IsHidden) writer.Words(WebUtility.HtmlDecode(raw.ToString()));
                continue;
            }

            var isHidden = name is "template" or "noscript" || IsHidden(scanner.Content);
            if (!IsVoid(name)) open.Enter(name, IsBlock(name), isHidden);
            if (!open.IsHidden) Begin(writer, name);
        }

        return writer.ToString();
    }

    private static void Begin(Writer writer, string name)
    {
        if (IsBlock(name)) writer.EnsureNewLine();
        if (name == "br") writer.NewLine();
        else if (name == "li") writer.Bullet();
        else if (name is "td" or "th") writer.Words(" ");
    }

    // What a person does not see may be meant for the model that reads along.
    private static bool IsHidden(ReadOnlySpan<char> attributes)
    {
        if (attributes.IsEmpty) return false;
        var plain = string.Concat(WebUtility.HtmlDecode(attributes.ToString()).Where(character => !char.IsWhiteSpace(character))).ToLowerInvariant();
        return plain.Contains("display:none", StringComparison.Ordinal) || plain.Contains("visibility:hidden", StringComparison.Ordinal)
            || plain.Contains("mso-hide:all", StringComparison.Ordinal) || HiddenAttribute().IsMatch(attributes);
    }

    [GeneratedRegex("""(^|[\s"'/])hidden([\s=/>]|$)""", RegexOptions.IgnoreCase)]
    private static partial Regex HiddenAttribute();

    private static bool IsRaw(string name) => name is "script" or "style" or "title" or "iframe" or "noembed" or "noframes" or "textarea" or "xmp";

    private static bool IsVoid(string name) => name is "br" or "hr" or "img" or "input" or "meta" or "link" or "col" or "wbr" or "area" or "base"
        or "embed" or "source" or "track" or "param";

    private static bool IsBlock(string name) => name is "p" or "div" or "ul" or "ol" or "li" or "table" or "tr" or "blockquote" or "pre"
        or "h1" or "h2" or "h3" or "h4" or "h5" or "h6" or "hr" or "section" or "article" or "header" or "footer";

    // Which elements are open: only to know where a hidden one ends.
    private sealed class OpenElements
    {
        private readonly Stack<string> _names = new();
        private readonly Dictionary<string, int> _counts = [];
        private int _hiddenFrom = int.MaxValue;

        public bool IsHidden => _names.Count >= _hiddenFrom;

        public void Enter(string name, bool isBlock, bool isHidden)
        {
            // Ends that may be left out.
            if (_names.TryPeek(out var top) && (top == "p" ? isBlock : top == name && name is "li" or "td" or "th" or "tr" or "option" or "dd" or "dt")) Leave(top);
            _names.Push(name);
            _counts[name] = _counts.GetValueOrDefault(name) + 1;
            if (isHidden && !IsHidden) _hiddenFrom = _names.Count;
        }

        public void Leave(string name)
        {
            if (_counts.GetValueOrDefault(name) == 0) return;
            string last;
            do
            {
                last = _names.Pop();
                _counts[last]--;
            }
            while (last != name);
            if (!IsHidden) _hiddenFrom = int.MaxValue;
        }
    }

    private sealed class Writer
    {
        private readonly StringBuilder _text = new();
        private bool _space, _isBulleted;

        // White space in HTML is one space, and none at the start of a line.
        public void Words(string words)
        {
            foreach (var character in words)
            {
                if (char.IsWhiteSpace(character) || character == '\u00A0')
                {
                    _space = true;
                    continue;
                }

                if (_space && !AtLineStart) _text.Append(' ');
                (_space, _isBulleted) = (false, false);
                _text.Append(character);
            }
        }

        public void Bullet()
        {
            if (!AtLineStart) _text.Append('\n');
            _text.Append('-');
            (_space, _isBulleted) = (true, true);
        }

        public void NewLine()
        {
            (_space, _isBulleted) = (false, false);
            // More than one empty line says no more than one.
            if (_text.Length < 2 || _text[^1] != '\n' || _text[^2] != '\n') _text.Append('\n');
        }

        public void EnsureNewLine()
        {
            // The paragraph of a list's item stands beside its bullet.
            if (_isBulleted) return;
            _space = false;
            if (!AtLineStart) _text.Append('\n');
        }

        public override string ToString() => _text.ToString();

        private bool AtLineStart => _text.Length == 0 || _text[^1] == '\n';
    }
}

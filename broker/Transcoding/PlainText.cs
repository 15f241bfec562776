using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace Sidecar.Broker.Transcoding;

/// <summary>Descriptions, notes and e-mails are HTML there and plain text here.</summary>
internal static class PlainText
{
    // HTML is many times its text; beyond this a text is cut before it is parsed.
    private const int MaxHtml = 1024 * 1024;

    private static readonly HtmlParser Parser = new();

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
        if (html.StartsWith("<![CDATA[", StringComparison.Ordinal))
        {
            html = html["<![CDATA[".Length..];
            if (html.EndsWith("]]>", StringComparison.Ordinal)) html = html[..^3];
        }

        if (html.Length > MaxHtml) html = html[..MaxHtml];
        var text = html.AsSpan().IndexOfAny('<', '&') < 0 ? html : Read(html);
        text = text.Trim();
        return maxLength > 0 && text.Length > maxLength
            ? $"{text[..Boundary(text, maxLength)]}\n[cut here: {text.Length - Boundary(text, maxLength)} more characters]"
            : text;
    }

    // Never between the two halves of a character outside the basic plane.
    private static int Boundary(string text, int length) => char.IsHighSurrogate(text[length - 1]) ? length - 1 : length;

    private static string Read(string html)
    {
        using var document = Parser.ParseDocument(html);
        var writer = new Writer();
        // A stack, because hostile HTML nests deeper than a thread's.
        var todo = new Stack<(INode Node, bool Leaving)>();
        todo.Push(((INode?)document.Body ?? document, false));
        while (todo.TryPop(out var step))
        {
            var (node, leaving) = step;
            var block = node is IElement element && IsBlock(element.LocalName);
            if (leaving)
            {
                if (block) writer.EnsureNewLine();
                continue;
            }

            switch (node)
            {
                case IText text:
                    writer.Words(text.Data);
                    continue;
                case IElement { LocalName: "script" or "style" or "template" or "head" or "noscript" or "title" }:
                    continue;
                case IElement { LocalName: "br" }:
                    writer.NewLine();
                    continue;
                case IElement { LocalName: "li" }:
                    writer.EnsureNewLine();
                    writer.Words("- ");
                    break;
                case IElement { LocalName: "td" or "th" }:
                    writer.Words(" ");
                    break;
            }

            if (block) writer.EnsureNewLine();
            todo.Push((node, true));
            for (var child = node.LastChild; child is not null; child = child.PreviousSibling) todo.Push((child, false));
        }

        return writer.ToString();
    }

    private static bool IsBlock(string name) => name is "p" or "div" or "ul" or "ol" or "li" or "table" or "tr" or "blockquote" or "pre"
        or "h1" or "h2" or "h3" or "h4" or "h5" or "h6" or "hr" or "section" or "article" or "header" or "footer";

    private sealed class Writer
    {
        private readonly StringBuilder _text = new();
        private bool _space;

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
                _space = false;
                _text.Append(character);
            }
        }

        public void NewLine()
        {
            _space = false;
            // More than one empty line says no more than one.
            if (_text.Length < 2 || _text[^1] != '\n' || _text[^2] != '\n') _text.Append('\n');
        }

        public void EnsureNewLine()
        {
            _space = false;
            if (!AtLineStart) _text.Append('\n');
        }

        public override string ToString() => _text.ToString();

        private bool AtLineStart => _text.Length == 0 || _text[^1] == '\n';
    }
}

using System.Text;

namespace Sidecar.Scale.Page;

/// <summary>Markdown. Prose is written in lines of any length and comes out in lines that a diff can show.</summary>
internal sealed class Text
{
    private const int Width = 125;
    private readonly StringBuilder _text = new();

    public Text Heading(string heading, int level = 2)
    {
        _text.Append(level == 1 ? "" : "\n").Append('#', level).Append(' ').Append(heading).Append("\n\n");
        return this;
    }

    public Text Paragraph(string prose) => Wrapped(prose, "", "").Line();

    public Text List(params IEnumerable<string> items)
    {
        foreach (var item in items) Wrapped(item, "- ", "  ");
        return Line();
    }

    public Text Code(params string[] lines)
    {
        _text.Append("```\n").AppendJoin('\n', lines).Append("\n```\n");
        return Line();
    }

    /// <summary>A heading that starts with ">" is of a column of numbers.</summary>
    public Text Table(string[] headings, IEnumerable<string[]> rows)
    {
        _text.Append("| ").AppendJoin(" | ", headings.Select(heading => heading.TrimStart('>'))).Append(" |\n|");
        foreach (var heading in headings) _text.Append(heading.StartsWith('>') ? "--:|" : "---|");
        _text.Append('\n');
        foreach (var row in rows)
        {
            if (row.Length != headings.Length) throw new ArgumentException($"{row.Length} cells under {headings.Length} headings: {string.Join(" | ", row)}");
            _text.Append("| ").AppendJoin(" | ", row).Append(" |\n");
        }

        return Line();
    }

    public override string ToString() => $"{_text}".TrimEnd('\n').Replace("\n\n\n", "\n\n", StringComparison.Ordinal) + "\n";

    private Text Wrapped(string prose, string first, string further)
    {
        var line = new StringBuilder(first);
        foreach (var word in prose.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length + 1 + word.Length > Width)
            {
                _text.Append(line).Append('\n');
                line.Clear().Append(further);
            }

            if (line.Length > 0 && line[^1] != ' ') line.Append(' ');
            line.Append(word);
        }

        _text.Append(line).Append('\n');
        return this;
    }

    private Text Line()
    {
        _text.Append('\n');
        return this;
    }
}

namespace Sidecar.Bench;

/// <summary>A Markdown table of what was measured, beside the same without us in between where there is such a thing.</summary>
internal sealed class Table
{
    private readonly List<string> _lines = ["| | through MCP | direct | ratio |", "|---|--:|--:|--:|"];

    public void Add(string what, string through, string direct = "", string ratio = "") => _lines.Add($"| {what} | {through} | {direct} | {ratio} |");

    public string ToMarkdown() => string.Join('\n', _lines);
}

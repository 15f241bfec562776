using System.Text.RegularExpressions;
using Sidecar.Tests.Manifests.Rendering;

namespace Sidecar.Tests.Manifests.Guide;

/// <summary>Lines that the guide tells people to write.</summary>
/// <param name="File">Into which file.</param>
/// <param name="Text">The lines.</param>
internal sealed partial record Snippet(string File, string Text)
{
    public static IReadOnlyList<Snippet> All { get; } = [.. Blocks().Matches(Guide).Select(block => new Snippet(block.Groups["file"].Value, block.Groups["text"].Value))];

    public static string Guide => System.IO.File.ReadAllText(Repository.PathOf("k8s/README.md"));

    /// <summary>Cells of the guide's table of components.</summary>
    public static IReadOnlyList<string[]> Table { get; } =
        [.. Rows().Matches(Guide).Select(row => row.Value.Split('|').Select(cell => cell.Trim()).ToArray())];

    /// <summary>The components that it lists.</summary>
    public string[] Components => [.. Listed().Matches(Text).Select(match => match.Groups["name"].Value)];

    public override string ToString() => $"{File}: {string.Join(", ", Components)}";

    [GeneratedRegex(@"```yaml\n# (?<file>k8s/[^\s:]+)[^\n]*\n(?<text>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Blocks();

    [GeneratedRegex(@"^\| \[[a-z-]+\]\(components/.*$", RegexOptions.Multiline)]
    private static partial Regex Rows();

    [GeneratedRegex(@"components/(?<name>[a-z-]+)")]
    private static partial Regex Listed();
}

using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Sidecar.Tests.Unit.Docs;

/// <summary>A document of the repository, read as its readers do.</summary>
internal sealed partial class Document(string path)
{
    private readonly string _path = Path.GetFullPath(path, Root);

    public string Text => File.ReadAllText(_path);

    /// <summary>Rows of every table whose first heading is that.</summary>
    public IReadOnlyList<string[]> Tables(string firstHeading)
    {
        var rows = new List<string[]>();
        var within = false;
        foreach (var cells in Text.Split('\n').Select(Cells))
        {
            if (within && cells.Length > 0 && !cells[0].StartsWith("--", StringComparison.Ordinal)) rows.Add(cells);
            within = cells.Length > 0 && (within || cells[0] == firstHeading);
        }

        return rows;
    }

    /// <summary>Files that it links to and that are not there.</summary>
    public IEnumerable<string> BrokenLinks() => Links().Matches(Text).Select(link => link.Groups["target"].Value.Split('#')[0])
        .Where(target => target.Length > 0 && !target.Contains("://", StringComparison.Ordinal))
        .Where(target => !Path.Exists(Path.Combine(Path.GetDirectoryName(_path)!, target)));

    public static IEnumerable<string> All() => Directory.EnumerateFiles(Root, "*.md", new EnumerationOptions { RecurseSubdirectories = true })
        .Select(path => Path.GetRelativePath(Root, path))
        .Where(path => !path.Split('/').Any(part => part is "bin" or "obj" or "node_modules" or "artifacts"));

    /// <summary>Names of all test classes, by their files.</summary>
    public static IEnumerable<string> TestClasses() =>
        Directory.EnumerateFiles(Path.Combine(Root, "tests"), "*Tests.cs", SearchOption.AllDirectories).Select(path => Path.GetFileNameWithoutExtension(path));

    /// <summary>A path of the repository, whole.</summary>
    public static string PathOf(string path) => Path.GetFullPath(path, Root);

    private static string Root => Path.GetFullPath("../../..", Path.GetDirectoryName(Here())!);

    private static string Here([CallerFilePath] string path = "") => path;

    private static string[] Cells(string line) =>
        line.StartsWith('|') ? [.. line.Trim().Trim('|').Split('|').Select(cell => cell.Trim().Trim('`'))] : [];

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Links();
}

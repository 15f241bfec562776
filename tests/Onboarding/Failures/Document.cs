using System.Text;

namespace Sidecar.Tests.Onboarding.Failures;

/// <summary>The table of the failures, for people.</summary>
internal static class Document
{
    private const string Command = "## ";

    private static readonly Trouble[] Columns = [.. Troubles.OfEvery, .. Troubles.OfWrites];

    /// <param name="seen">What became of every row.</param>
    public static string Write(IReadOnlyDictionary<Row, string> seen)
    {
        var text = new StringBuilder();
        text.Append("# Failures while onboarding\n\nWritten from what the tests in `tests/Onboarding/Failures` see on the published programs; do not edit. Every call of every command goes\n");
        text.Append("wrong in every way, one at a time:\n\n");
        text.Append("- **refused**: the service says no, in its own words. **throttled**: it says to come again later.\n");
        text.Append("- **hung**: not answered within `--timeout`, and not carried out. **late**: carried out, and not answered within `--timeout`.\n");
        text.Append("- The writing of a secret also **down**: never carried out nor answered, however often it is tried; **gone**: carried out, and from then on the vault\n");
        text.Append("  says nothing at all; **killed before** and **killed after**: `kill -9` while it is under way, and was not or was carried out.\n\n");
        text.Append("What is held for each: exit code 0 only if all is in place; exit code 1 with what was done and what to do next; \"Nothing was changed.\" only if it\n");
        text.Append("is so by the simulator's records; the same command again, without the trouble, ends well; in the end the vault has the credential once, and the\n");
        text.Append("good grants at Zoho are the one in the vault (none after offboarding) and no other, but where the table says so; no secret in anything written.\n\n");
        text.Append($"{seen.Count} rows:\n\n| | what becomes of it | rows |\n|---|---|--:|\n");
        foreach (var (words, meaning) in Outcome.Meanings) text.Append($"| {words} | {meaning} | {seen.Values.Count(one => one == words)} |\n");
        foreach (var deed in Deed.All)
        {
            var columns = deed.Calls.Contains(Call.Write) ? Columns : Troubles.OfEvery;
            text.Append($"\n{Command}{deed.Name}\n\n| call | {string.Join(" | ", columns.Select(Name))} |\n|---|{string.Concat(columns.Select(_ => "---|"))}\n");
            for (var at = 0; at < deed.Calls.Count; at++)
                text.Append($"| {at + 1}. {deed.Calls[at].Name} | {string.Join(" | ", columns.Select(trouble => seen.GetValueOrDefault(new Row(deed, at, trouble), "")))} |\n");
        }

        return text.ToString();
    }

    /// <summary>What a document says, by the names of the rows.</summary>
    public static Dictionary<string, string> Read(string text)
    {
        var (said, deed) = (new Dictionary<string, string>(), "");
        foreach (var line in text.Split('\n'))
        {
            if (line.StartsWith(Command, StringComparison.Ordinal)) deed = line[Command.Length..];
            var cells = line.Split('|', StringSplitOptions.TrimEntries);
            if (deed.Length == 0 || cells.Length < Troubles.OfEvery.Length + 2 || !char.IsAsciiDigit(line.ElementAtOrDefault(2))) continue;
            foreach (var (trouble, words) in Columns.Zip(cells[2..])) said[$"{deed}; {cells[1]}; {trouble}"] = words;
        }

        return said;
    }

    private static string Name(Trouble trouble) => trouble switch
    {
        Trouble.KilledBefore => "killed before",
        Trouble.KilledAfter => "killed after",
        _ => $"{trouble}".ToLowerInvariant(),
    };
}

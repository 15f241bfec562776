using System.Runtime.CompilerServices;

namespace Sidecar.Tests.Onboarding.Failures;

/// <summary>Every call of every command going wrong: what is left is nothing, or what a rerun completes.</summary>
public sealed class FailureTests(FailureRuns runs) : IClassFixture<FailureRuns>
{
    public static TheoryData<string> Rows => [.. Row.Chosen.Select(row => row.Name)];

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task A_call_that_goes_wrong_leaves_nothing_or_what_a_rerun_completes(string row)
    {
        var problems = (await runs.OfAsync(row)).Problems;
        if (problems.Count > 0) Assert.Fail(string.Join('\n', problems));
    }

    /// <summary>Written anew where all rows ran; else those that ran are held against it.</summary>
    [Fact]
    public async Task The_document_of_the_failures_says_what_was_seen()
    {
        var (accepted, received) = (PathOf("docs/onboarding-failures.md"), PathOf("docs/onboarding-failures.received.md"));
        var there = File.Exists(accepted) ? (await File.ReadAllTextAsync(accepted, TestContext.Current.CancellationToken)).ReplaceLineEndings("\n") : "";
        var seen = new Dictionary<Row, string>();
        foreach (var row in Row.Chosen) seen[row] = (await runs.OfAsync(row.Name)).Seen;
        if (seen.Count < Row.All.Count)
        {
            var said = Document.Read(there);
            foreach (var (row, words) in seen) said.GetValueOrDefault(row.Name).ShouldBe(words, row.Name);
            return;
        }

        var written = Document.Write(seen);
        if (there == written)
        {
            File.Delete(received);
            return;
        }

        await File.WriteAllTextAsync(received, written, TestContext.Current.CancellationToken);
        Assert.Fail("docs/onboarding-failures.md is not what was seen now. If the change is meant, accept it with\n  mv docs/onboarding-failures.received.md docs/onboarding-failures.md");
    }

    private static string PathOf(string path, [CallerFilePath] string here = "") => Path.GetFullPath(path, Path.GetFullPath("../../..", Path.GetDirectoryName(here)!));
}

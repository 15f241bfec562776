using System.Runtime.CompilerServices;
using System.Text;
using Sidecar.Tests.Faults.Matrix;

namespace Sidecar.Tests.Faults;

/// <summary>docs/faults.md is written from the table, by this test; MatrixTests hold the table against the programs.</summary>
public sealed class DocumentTests
{
    private static readonly (Claim Claim, string Sign, string Meaning)[] Claims =
    [
        (Claim.Done, "✔", "it is done, with the record"),
        (Claim.Nothing, "○", "\"Nothing was changed.\""),
        (Claim.Partly, "◐", "\"Only a part of it was done\", with the record's id"),
        (Claim.Unknown, "?", "\"It is not known whether the change was made.\""),
        (Claim.Silence, "–", "no answer: the connection to the shim broke"),
    ];

    private static readonly (Next Next, string Sign, string Meaning)[] Nexts =
    [
        (Next.Repeats, "again", "the same call again succeeds, and it is done exactly once"),
        (Next.GoesOn, "on", "another call of the kind succeeds, and the first one's work is untouched"),
        (Next.Found, "found", "the same call again is given the record that the first one made; nothing is sent"),
        (Next.ToldAgain, "wait", "the same call again is told the same, and how long to wait; nothing is sent"),
        (Next.StillRefused, "final", "the same call again is refused for the same reason; nothing is sent, to Zoho neither"),
        (Next.RefusedAgain, "no", "the same call again is sent, and refused for the same reason"),
        (Next.Heals, "heals", "the same call succeeds by and by without anybody's help; until then nothing is changed, and it is told so"),
    ];

    [Fact]
    public void The_document_of_the_faults_says_what_the_table_says()
    {
        var (accepted, received) = (PathOf("docs/faults.md"), PathOf("docs/faults.received.md"));
        var written = Write();
        if (File.Exists(accepted) && File.ReadAllText(accepted).ReplaceLineEndings("\n") == written)
        {
            File.Delete(received);
            return;
        }

        File.WriteAllText(received, written);
        Assert.Fail("docs/faults.md is not what the table says now. If the change is meant, accept it with\n  mv docs/faults.received.md docs/faults.md");
    }

    [Fact]
    public void There_are_enough_cells_and_each_fault_has_a_name_of_its_own()
    {
        (Table.Rows.Count * OperationClass.All.Count).ShouldBeGreaterThanOrEqualTo(150);
        Table.Rows.Select(row => row.Name).ShouldBeUnique();
    }

    [Fact]
    public void No_cell_lets_a_write_be_done_twice_or_told_as_done_when_it_is_not()
    {
        foreach (var cell in from row in Table.Rows from operation in OperationClass.All select (Row: row, Operation: operation, Says: Rules.Of(row, operation)))
        {
            var name = $"{cell.Row.Name}, {cell.Operation.Name}";
            (cell.Says.Done ?? 1).ShouldBeLessThanOrEqualTo(1, name);
            if (cell.Operation.Kind != Kind.Reads && cell.Says.Claim is (Claim.Done or Claim.Partly)) cell.Says.Done.ShouldBe(1, name);
            if (cell.Says.Claim == Claim.Nothing) cell.Says.Done.ShouldBe(0, name);
            // What may be there already is not made again by the same words.
            if (cell.Operation.Kind == Kind.Adds && cell.Says.Claim == Claim.Unknown) cell.Says.Next.ShouldNotBe(Next.Repeats, name);
        }
    }

    private static string Write()
    {
        var text = new StringBuilder();
        var cells = Table.Rows.SelectMany(row => OperationClass.All.Select(operation => Rules.Of(row, operation))).ToList();
        text.Append("# Faults\n\nWritten from the table in `tests/Faults`; do not edit. Every cell is held by `MatrixTests` on the published programs: a simulator, a\n");
        text.Append("broker and a shim as processes, and an MCP client. A cell says three things: **what the client is told, how many writes\n");
        text.Append("ServiceDesk Plus may receive, what becomes of the next call** once the fault is gone. Beside that every cell holds that\n");
        text.Append("nothing is done twice, nothing is told as done or as not done that is not so by the simulator's own records, and no secret is\n");
        text.Append("in the answer or in anything a process writes.\n\n");
        text.Append($"{Table.Rows.Count} faults × {OperationClass.All.Count} classes of operations = {cells.Count} cells.\n\n");

        text.Append("| sign | the client is told | cells |\n|---|---|--:|\n");
        foreach (var (claim, sign, meaning) in Claims) text.Append($"| {sign} | {meaning} | {cells.Count(cell => cell.Claim == claim)} |\n");
        text.Append("\n| sign | the next call | cells |\n|---|---|--:|\n");
        foreach (var (next, sign, meaning) in Nexts) text.Append($"| {sign} | {meaning} | {cells.Count(cell => cell.Next == next)} |\n");
        text.Append("\n*reason* is the one in the broker's error, where it is part of what a cell states; a cell that is told another names it.\n");
        text.Append("The tools: ").AppendJoin(", ", OperationClass.All.Select(operation => $"{operation.Name} is `{operation.Tool}`")).Append(".\n");

        foreach (var group in Table.Rows.GroupBy(row => row.Group))
        {
            text.Append($"\n## {group.Key}\n\n| fault | reason | {string.Join(" | ", OperationClass.All.Select(operation => operation.Name))} |\n|---|---|{string.Concat(OperationClass.All.Select(_ => "---|"))}\n");
            foreach (var row in group)
            {
                var reason = OperationClass.All.Select(operation => Rules.Of(row, operation).Told).OfType<string>().GroupBy(told => told).MaxBy(same => same.Count())?.Key;
                text.Append($"| {row.Name} | {reason} | {string.Join(" | ", OperationClass.All.Select(operation => Cell(Rules.Of(row, operation), reason)))} |\n");
            }
        }

        return text.ToString();
    }

    private static string Cell(Expectation says, string? reason)
    {
        var told = Claims.Single(claim => claim.Claim == says.Claim).Sign;
        return $"{told}{(says.Told is null || says.Told == reason ? "" : $" {says.Told}")}, {says.Writes}, {Nexts.Single(next => next.Next == says.Next).Sign}";
    }

    private static string PathOf(string path, [CallerFilePath] string here = "") => Path.GetFullPath(path, Path.GetFullPath("../..", Path.GetDirectoryName(here)!));
}

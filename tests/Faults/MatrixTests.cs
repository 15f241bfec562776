using Sidecar.Tests.Faults.Matrix;
using Sidecar.Tests.Faults.Run;

namespace Sidecar.Tests.Faults;

/// <summary>Every cell of the matrix, on real processes.</summary>
public sealed class MatrixTests(MatrixRun run) : IClassFixture<MatrixRun>
{
    public static TheoryData<string, string> Cells =>
        [.. from row in MatrixRun.Chosen from operation in OperationClass.All select (row.Name, operation.Name)];

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task A_cell_holds(string fault, string operation)
    {
        var problems = await run.ProblemsAsync(Table.Rows.Single(row => row.Name == fault), OperationClass.All.Single(one => one.Name == operation));
        if (problems.Count > 0) Assert.Fail(string.Join('\n', problems));
    }
}

using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Sidecar.Tests.Faults.Matrix;

namespace Sidecar.Tests.Faults.Run;

/// <summary>
/// Runs the rows that were chosen, several at once: most of their time is waiting. With SIDECAR_BINARIES these are all, else
/// the sample; SIDECAR_FAULTS, a regular expression, chooses by name.
/// </summary>
public sealed class MatrixRun : IAsyncLifetime
{
    private static readonly IConfiguration Settings = new ConfigurationBuilder().AddEnvironmentVariables("SIDECAR_").Build();

    private readonly SemaphoreSlim _turns = new(int.TryParse(Settings["FAULTS_AT_ONCE"], out var chosen) ? chosen : 8);
    private readonly Dictionary<FaultRow, Task<IReadOnlyDictionary<OperationClass, IReadOnlyList<string>>>> _runs = [];

    internal static IReadOnlyList<FaultRow> Chosen { get; } = Settings["FAULTS"] is { } names
        ? [.. Table.Rows.Where(row => Regex.IsMatch(row.Name, names))]
        : Settings["BINARIES"] is not null ? Table.Rows : Table.Sample;

    /// <summary>What does not hold in a cell; empty where all does.</summary>
    internal async Task<IReadOnlyList<string>> ProblemsAsync(FaultRow row, OperationClass operation) => (await _runs[row])[operation];

    public ValueTask InitializeAsync()
    {
        foreach (var row in Chosen) _runs[row] = InTurnAsync(row);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_runs.Values);
        _turns.Dispose();
    }

    private async Task<IReadOnlyDictionary<OperationClass, IReadOnlyList<string>>> InTurnAsync(FaultRow row)
    {
        await _turns.WaitAsync(CancellationToken.None);
        try
        {
            return await Task.Run(() => RowRun.RunAsync(row));
        }
        finally
        {
            _turns.Release();
        }
    }
}

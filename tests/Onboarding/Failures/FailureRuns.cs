namespace Sidecar.Tests.Onboarding.Failures;

/// <summary>Runs all chosen rows, many at once: most of their time is waiting.</summary>
public sealed class FailureRuns : IAsyncLifetime
{
    private const int AtOnce = 12;

    private readonly SemaphoreSlim _turns = new(AtOnce);
    private readonly Dictionary<string, Task<Outcome>> _runs = [];

    public ValueTask InitializeAsync()
    {
        // What takes longest begins first.
        foreach (var row in Row.Chosen.OrderBy(row => row.Trouble is not (Trouble.Down or Trouble.Gone))) _runs[row.Name] = InTurnAsync(row);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_runs.Values);
        _turns.Dispose();
    }

    internal Task<Outcome> OfAsync(string row) => _runs[row];

    private async Task<Outcome> InTurnAsync(Row row)
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

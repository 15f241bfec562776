namespace Sidecar.Tests.Containers.Harness;

/// <summary>Waiting for what has to happen, and telling what did not.</summary>
public static class Wait
{
    /// <param name="what">What is waited for, as in "waited for …".</param>
    /// <param name="happened">Whether it has.</param>
    /// <param name="told">What to show if it does not, such as logs.</param>
    /// <param name="patience">How long; a minute by default.</param>
    public static async Task UntilAsync(string what, Func<Task<bool>> happened, Func<Task<string>>? told = null, TimeSpan? patience = null)
    {
        using var end = new CancellationTokenSource(patience ?? RunningContainer.Patience);
        while (!await happened())
        {
            if (end.IsCancellationRequested) throw new TimeoutException($"Waited in vain for {what}.\n{(told is null ? "" : await told())}");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }
}

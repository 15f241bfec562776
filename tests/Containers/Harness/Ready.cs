namespace Sidecar.Tests.Containers.Harness;

/// <summary>Waiting for a shim that can make calls.</summary>
public static class Ready
{
    /// <param name="shim">The shim's address.</param>
    /// <param name="told">Logs to show if it does not get ready.</param>
    public static async Task WaitAsync(Uri shim, Func<Task<string>> told)
    {
        using var http = new HttpClient(new SocketsHttpHandler()) { BaseAddress = shim, Timeout = TimeSpan.FromSeconds(10) };
        await Wait.UntilAsync($"{shim} to be ready", async () =>
        {
            try
            {
                using var reply = await http.GetAsync(new Uri("/readyz", UriKind.Relative), TestContext.Current.CancellationToken);
                return reply.IsSuccessStatusCode;
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
            {
                return false;
            }
        }, told);
    }
}

namespace Sidecar.Shim.Access.Entra;

/// <summary>Reads the keys while the shim starts, so that the first caller need not wait and the log says early what is wrong.</summary>
internal sealed class KeysAtStart(EntraKeys keys) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _ = keys.StartReading();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

using Microsoft.Extensions.Options;

namespace Sidecar.Broker.Credentials;

/// <summary>Reads the credential at start until it is there, then again at an interval, so that a rotation needs no restart.</summary>
internal sealed class CredentialWatcher(CredentialStore store, IOptions<CredentialOptions> options, TimeProvider clock) : BackgroundService
{
    // Key Vault's own advice for throttling: 1, 2, 4, 8, 16 s.
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1), LastRetry = TimeSpan.FromSeconds(16);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var interval = options.Value.RefreshInterval
            ?? (options.Value.Source == CredentialSourceKind.File ? TimeSpan.FromSeconds(10) : TimeSpan.FromMinutes(5));
        var retry = FirstRetry;
        while (!stoppingToken.IsCancellationRequested)
        {
            await store.RefreshAsync(force: true, stoppingToken);
            var wait = interval;
            if (store.Current is null)
            {
                wait = retry;
                retry = TimeSpan.FromTicks(Math.Min(retry.Ticks * 2, LastRetry.Ticks));
            }

            // Thousands of pods start together; jitter keeps them from asking together for ever after.
            await Task.Delay(wait * (0.8 + (0.4 * Random.Shared.NextDouble())), clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}

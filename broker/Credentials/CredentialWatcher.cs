using Microsoft.Extensions.Options;

namespace Sidecar.Broker.Credentials;

/// <summary>Reads the credential at start until it is there, then again at an interval, so that a rotation needs no restart.</summary>
/// <param name="store">Which reads it.</param>
/// <param name="options">The interval.</param>
/// <param name="clock">The time.</param>
/// <param name="random">Spreads brokers that start together; given where a run has to be repeatable.</param>
internal sealed class CredentialWatcher(CredentialStore store, IOptions<CredentialOptions> options, TimeProvider clock, Random? random = null) : BackgroundService
{
    // Key Vault's own advice for throttling: 1, 2, 4, 8, 16 s.
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1), LastRetry = TimeSpan.FromSeconds(16);

    private readonly Random _random = random ?? Random.Shared;

    /// <summary>Reads and waits, until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken stoppingToken)
    {
        var interval = options.Value.Interval;
        var retry = FirstRetry;
        while (!stoppingToken.IsCancellationRequested)
        {
            await store.RefreshAsync(force: true, stoppingToken);
            if (store.Status.Failure is null)
            {
                retry = FirstRetry;
                // Kept apart for ever after by a jitter of a fifth.
                await PauseAsync(interval * (0.8 + (0.4 * _random.NextDouble())), stoppingToken);
                continue;
            }

            // Anywhere between now and the full time, so that thousands of pods that were refused together do not come back
            // together. With a credential in use there is no hurry: the time grows up to the interval.
            await PauseAsync(retry * _random.NextDouble(), stoppingToken);
            var longest = store.Current is null && LastRetry < interval ? LastRetry : interval;
            retry = retry * 2 < longest ? retry * 2 : longest;
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => RunAsync(stoppingToken);

    // Never ends before the source may be asked again, which it may also have told a call that failed meanwhile.
    private async Task PauseAsync(TimeSpan pause, CancellationToken stoppingToken)
    {
        do await Task.Delay(store.Wait + pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (store.Wait > TimeSpan.Zero && !stoppingToken.IsCancellationRequested);
    }
}

using System.Text.Json;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Security.KeyVault.Secrets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Sidecar.Broker.Credentials;

namespace Sidecar.Bench.Storms;

/// <summary>
/// Runs a storm with the broker's own watcher, store and vault source and Microsoft's client, all in one process on virtual
/// time: what is waited for is not waited for really, and the same seed gives the same result on any machine.
/// </summary>
internal static class StormRun
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(5), Limit = TimeSpan.FromHours(1);

    public static StormResult Run(Storm storm, int seed)
    {
        var clock = new FakeTimeProvider();
        var (start, random) = (clock.GetUtcNow(), new Random(seed));
        using var vaults = new StormVaults(storm, clock, random, Secret());
        using var stopping = new CancellationTokenSource();
        var identity = DelegatedTokenCredential.Create((_, _) => new AccessToken("bench", DateTimeOffset.MaxValue));
        var brokers = new List<Broker>();
        var transport = new HttpClientTransport(vaults);
        for (var number = 0; number < storm.Brokers; number++)
        {
            var client = new SecretClient(vaults.UriOf(number), identity, KeyVaultSource.Options(transport));
            var broker = new Broker(new KeyVaultSource(client, "sdp-storm"), clock, storm.Within * random.NextDouble(), new Random(random.Next()));
            brokers.Add(broker);
            _ = broker.RunAsync(stopping.Token);
        }

        // All that follows a wait runs within Advance, on this thread.
        while (brokers.Exists(broker => broker.Ready is null))
        {
            clock.Advance(Step);
            if (clock.GetUtcNow() - start > Limit) throw new InvalidOperationException($"{brokers.Count(broker => broker.Ready is null)} brokers did not get ready.");
        }

        stopping.Cancel();
        return new StormResult(
            [.. brokers.Select(broker => broker.Ready!.Value - start).Order()],
            [.. brokers.Select(broker => broker.Ready!.Value - start - broker.Start).Order()],
            vaults.Calls, vaults.Throttled, vaults.Early);
    }

    // A credential of the usual size, good for nothing.
    private static string Secret() => JsonSerializer.Serialize(new
    {
        kind = "cloud",
        client_id = $"1000.{Guid.NewGuid():N}",
        client_secret = $"{Guid.NewGuid():N}",
        refresh_token = $"1000.{Guid.NewGuid():N}",
        accounts_url = "https://accounts.example.com",
        base_url = "https://desk.example.com",
        technician_email = "storm@example.com",
    });

    private sealed class Broker(ICredentialSource vault, TimeProvider clock, TimeSpan start, Random random) : ICredentialSource
    {
        public TimeSpan Start { get; } = start;

        public DateTimeOffset? Ready { get; private set; }

        public async Task RunAsync(CancellationToken stopping)
        {
            using var store = new CredentialStore(this, clock, NullLogger<CredentialStore>.Instance);
            using var watcher = new CredentialWatcher(store, Options.Create(new CredentialOptions()), clock, random);
            await Task.Delay(Start, clock, stopping);
            await watcher.RunAsync(stopping);
        }

        public async Task<Credential> ReadAsync(CancellationToken cancellationToken)
        {
            var credential = await vault.ReadAsync(cancellationToken);
            Ready ??= clock.GetUtcNow();
            return credential;
        }
    }
}

using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Azure;
using Azure.Identity;
using Sidecar.Broker.Onboarding.Verify;
using Sidecar.Broker.Tls;

namespace Sidecar.Broker.Onboarding.Vault;

/// <summary>Makes calls to one vault: repeats what may be repeated, waits as long as the vault asks, and puts failures in words.</summary>
/// <param name="vault">Host of the vault.</param>
/// <param name="clock">Passes the pauses.</param>
internal sealed class VaultCalls(string vault, TimeProvider clock)
{
    // Azure's advice: 1, 2, 4, 8, 16 seconds.
    private const int Attempts = 6;
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(60);

    // A deletion or recovery takes seconds; Azure's documents speak of up to minutes.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2), LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>Makes a call that may be made as often as one likes.</summary>
    /// <exception cref="CommandFailure">It was refused, or is not answered.</exception>
    public async Task<T> ReadAsync<T>(string doing, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await call(cancellationToken);
            }
            catch (Exception exception) when (IsOfTheVault(exception) && !cancellationToken.IsCancellationRequested)
            {
                if (!MayHelp(exception) || attempt == Attempts) throw VaultFailure.Explain(exception, vault, doing);
                await Task.Delay(Pause(exception, attempt), clock, cancellationToken);
            }
        }
    }

    /// <summary>
    /// Makes a call that changes something. Where its answer is lost, what is there decides; it is made again only if it was
    /// not carried out. Once it is sent, a caller who leaves waits for the end of it.
    /// </summary>
    /// <param name="doing">What it is, for sentences.</param>
    /// <param name="call">Makes it once.</param>
    /// <param name="look">Its result if it was carried out; else null.</param>
    /// <param name="cancellationToken">The caller leaves.</param>
    public async Task<T> WriteAsync<T>(
        string doing, Func<CancellationToken, Task<T>> call, Func<CancellationToken, Task<T?>> look, CancellationToken cancellationToken) where T : class
    {
        for (var attempt = 1; ; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                return await call(CancellationToken.None);
            }
            catch (Exception exception) when (IsOfTheVault(exception))
            {
                if (VaultFailure.IsUnanswered(exception) && await LookAsync(doing, look) is { } done) return done;
                if (!(MayHelp(exception) || VaultFailure.IsInTransition(exception)) || attempt == Attempts) throw VaultFailure.Explain(exception, vault, doing);
                await Task.Delay(Pause(exception, attempt), clock, cancellationToken);
            }
        }
    }

    private async Task<T?> LookAsync<T>(string doing, Func<CancellationToken, Task<T?>> look) where T : class
    {
        try
        {
            return await look(CancellationToken.None);
        }
        catch (CommandFailure failure)
        {
            throw new CommandFailure($"Whether Key Vault {vault} did what it was asked ({doing}) is not known. {failure.Message}", failure.Next, failure) { IsUnsure = true };
        }
    }

    /// <summary>Waits until something holds.</summary>
    /// <exception cref="CommandFailure">It does not, for two minutes.</exception>
    public async Task UntilAsync(string doing, Func<CancellationToken, Task<bool>> holds, CancellationToken cancellationToken)
    {
        var start = clock.GetTimestamp();
        while (!await holds(cancellationToken))
        {
            if (clock.GetElapsedTime(start) > Patience)
                throw new CommandFailure($"Key Vault {vault} has accepted {doing} and not done it for {Patience.TotalMinutes:0} minutes.", "Run the command again later: it goes on where it was.");
            await Task.Delay(LookEvery, clock, cancellationToken);
        }
    }

    /// <summary>All entries of a list, page by page.</summary>
    public async IAsyncEnumerable<T> PagesAsync<T>(
        string doing, Func<CancellationToken, AsyncPageable<T>> list, [EnumeratorCancellation] CancellationToken cancellationToken) where T : notnull
    {
        string? next = null;
        do
        {
            var from = next;
            var page = await ReadAsync(doing, async end => await list(end).AsPages(from).FirstOrDefaultAsync(end), cancellationToken);
            if (page is null) yield break;
            foreach (var entry in page.Values) yield return entry;
            next = page.ContinuationToken;
        }
        while (!string.IsNullOrEmpty(next));
    }

    // The client throws the last two for an answer that is no vault's, and for one that asks for another service's token.
    private static bool IsOfTheVault(Exception exception) => exception is RequestFailedException or AuthenticationFailedException
        or OperationCanceledException or AggregateException or JsonException or InvalidOperationException || OutboundHandlers.IsOfTheNetwork(exception);

    private static bool MayHelp(Exception exception) =>
        VaultFailure.IsThrottled(exception) || (VaultFailure.IsUnanswered(exception) && CertificateTrouble.Of(exception, "") is null);

    private static TimeSpan Pause(Exception exception, int attempt)
    {
        var asked = (exception as RequestFailedException)?.GetRawResponse()?.Headers.TryGetValue("Retry-After", out var text) == true
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds) : TimeSpan.Zero;
        var own = TimeSpan.FromSeconds(Math.Pow(2, attempt - 1) * (0.5 + (Random.Shared.NextDouble() / 2)));
        var pause = asked > own ? asked + (own / 4) : own;
        return pause < LongestPause ? pause : LongestPause;
    }
}

using System.Globalization;
using System.Threading.RateLimiting;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Sidecar.Broker.Onboarding.Bulk;

/// <summary>
/// Keeps many calls to one vault below its limits: 300 secrets set and 4,000 other calls in ten seconds. Where it refuses one
/// all the same, because others use it too, every call waits as long as the vault asks. It stands behind the client's retries
/// and before its time limit, so that each call on the wire is counted, and waiting for a turn is no missing answer.
/// </summary>
internal sealed class VaultPace(TimeProvider clock) : HttpPipelinePolicy, IDisposable
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1), LongestPause = TimeSpan.FromSeconds(60);

    // A bucket that is full at the start of ten seconds gives eleven helpings in them: 264 and 3,520.
    private readonly TokenBucketRateLimiter _creates = Limiter(24), _others = Limiter(320);
    private readonly long _began = clock.GetTimestamp();
    private long _pausedUntil;

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        using var turn = await (message.Request.Method == RequestMethod.Put ? _creates : _others).AcquireAsync(1, message.CancellationToken);
        while (Interlocked.Read(ref _pausedUntil) - Now is > 0 and var wait) await Task.Delay(TimeSpan.FromTicks(wait), clock, message.CancellationToken);
        await ProcessNextAsync(message, pipeline);
        if (message.Response.Status == 429) Pause(message.Response);
    }

    /// <summary>Not for use: the commands make no call that blocks.</summary>
    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => throw new NotSupportedException();

    public void Dispose()
    {
        _creates.Dispose();
        _others.Dispose();
    }

    private long Now => clock.GetElapsedTime(_began).Ticks;

    private void Pause(Response response)
    {
        var asked = response.Headers.TryGetValue("Retry-After", out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds) : ShortestPause;
        var until = Now + (asked < ShortestPause ? ShortestPause : asked > LongestPause ? LongestPause : asked).Ticks;
        // Of several refusals the longest pause counts.
        for (var known = Interlocked.Read(ref _pausedUntil); known < until;)
        {
            var before = Interlocked.CompareExchange(ref _pausedUntil, until, known);
            if (before == known) break;
            known = before;
        }
    }

    private static TokenBucketRateLimiter Limiter(int perSecond) => new(new TokenBucketRateLimiterOptions
    {
        TokenLimit = perSecond,
        TokensPerPeriod = perSecond,
        ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        QueueLimit = int.MaxValue,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });
}

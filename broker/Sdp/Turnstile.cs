using System.Threading.RateLimiting;

namespace Sidecar.Broker.Sdp;

/// <summary>Bounds how many calls one user has at the instance at once: a model in a loop must not lock its user out.</summary>
internal sealed class Turnstile : IDisposable
{
    private const int AtOnce = 8, Waiting = 200;

    private readonly ConcurrencyLimiter _limiter = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = AtOnce,
        QueueLimit = Waiting,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    /// <summary>Waits for a turn.</summary>
    /// <exception cref="SdpException">Too many are waiting; nothing was sent.</exception>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        var lease = await _limiter.AcquireAsync(1, cancellationToken);
        if (lease.IsAcquired) return lease;
        lease.Dispose();
        throw new SdpException(SdpFailure.Busy, "too many calls are waiting");
    }

    public void Dispose() => _limiter.Dispose();
}

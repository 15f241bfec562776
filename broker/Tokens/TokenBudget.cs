namespace Sidecar.Broker.Tokens;

/// <summary>Counts token requests so that Zoho's own limit, ten for a refresh token in ten minutes, is never reached.</summary>
internal sealed class TokenBudget(TimeProvider clock)
{
    public const int Calls = 9;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    private readonly Queue<DateTimeOffset> _spent = [];

    /// <summary>Takes one call, or tells how long to wait for it.</summary>
    public bool TryTake(out TimeSpan wait)
    {
        var now = clock.GetUtcNow();
        while (_spent.TryPeek(out var oldest) && now - oldest >= Window) _spent.Dequeue();
        wait = _spent.Count < Calls ? TimeSpan.Zero : _spent.Peek() + Window - now;
        if (wait > TimeSpan.Zero) return false;
        _spent.Enqueue(now);
        return true;
    }
}

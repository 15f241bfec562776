namespace Sidecar.Simulator;

/// <summary>So many calls in a sliding window; those refused do not count.</summary>
/// <param name="clock">The time.</param>
public sealed class CallWindow(TimeProvider clock)
{
    private readonly Queue<DateTimeOffset> _calls = [];

    /// <summary>Counts a call, if there is room for it.</summary>
    /// <param name="limit">Calls in a window.</param>
    /// <param name="window">Its length.</param>
    /// <returns>How long until there is room again, or null if the call may pass.</returns>
    public TimeSpan? Enter(int limit, TimeSpan window)
    {
        var now = clock.GetUtcNow();
        while (_calls.TryPeek(out var first) && now - first >= window)
            _calls.Dequeue();
        if (_calls.Count >= limit)
            return _calls.TryPeek(out var oldest) ? oldest + window - now : window;
        _calls.Enqueue(now);
        return null;
    }

    /// <summary>Forgets all calls.</summary>
    public void Clear() => _calls.Clear();
}

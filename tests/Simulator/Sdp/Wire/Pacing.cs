namespace Sidecar.Simulator.Sdp.Wire;

/// <summary>The rate limit: per token, method and path template in a sliding minute, then a lock.</summary>
internal sealed class Pacing(SimulatorClock clock)
{
    private sealed class Lane
    {
        public Queue<DateTimeOffset> Calls { get; } = [];
        public DateTimeOffset LockedUntil { get; set; }
    }

    private readonly Dictionary<(int Token, string Method, string Template), Lane> _lanes = [];

    /// <returns>How long the lock still holds, or null if the call may pass.</returns>
    public TimeSpan? Enter(int token, string method, string template, InstanceSwitches switches)
    {
        var now = clock.GetUtcNow();
        if (!_lanes.TryGetValue((token, method, template), out var lane))
            _lanes[(token, method, template)] = lane = new Lane();
        if (now < lane.LockedUntil)
            return lane.LockedUntil - now;
        while (lane.Calls.TryPeek(out var first) && now - first >= TimeSpan.FromMinutes(1))
            lane.Calls.Dequeue();
        if (lane.Calls.Count >= switches.RateLimit)
        {
            lane.LockedUntil = now.AddSeconds(switches.RateLockSeconds);
            lane.Calls.Clear();
            return lane.LockedUntil - now;
        }

        lane.Calls.Enqueue(now);
        return null;
    }
}

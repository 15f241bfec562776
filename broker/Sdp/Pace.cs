namespace Sidecar.Broker.Sdp;

/// <summary>
/// Learns from refusals how many calls of a kind an instance takes. It never holds a call back before the instance refused
/// one: after that, for as long as the lock lasts, and then to somewhat less than was too much.
/// </summary>
internal sealed class Pace(TimeProvider clock)
{
    // Fewer calls than this cannot have been too many: somebody else used up the quota, or the lock is older than we are.
    // The lock then counts, and nothing is learned.
    private const int LeastTelling = 6;
    private const double Share = 0.8, Raise = 1.05;

    // Two seconds more than a minute: calls that left a minute apart may arrive closer to each other.
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(62), Quiet = TimeSpan.FromMinutes(15);

    // A pause of days is a mistake more often than a wish; after this long, one call asks again.
    private static readonly TimeSpan ShortestLock = TimeSpan.FromSeconds(1), LongestLock = TimeSpan.FromHours(1);

    private readonly long _began = clock.GetTimestamp();
    private readonly Lock _gate = new();
    private readonly Dictionary<CallKind, Lane> _lanes = [];

    /// <summary>Books a call.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="patience">How long it can wait.</param>
    /// <param name="isFollowUp">True if it finds out what became of a write: then only a lock holds it back.</param>
    /// <returns>How long it has to wait first.</returns>
    /// <exception cref="SdpException">It would have to wait longer than it can; it is not to be sent.</exception>
    public TimeSpan Book(CallKind kind, TimeSpan patience, bool isFollowUp)
    {
        lock (_gate)
        {
            if (!_lanes.TryGetValue(kind, out var lane)) _lanes[kind] = lane = new Lane();
            var now = Now;
            lane.Forget(now - Window);
            lane.Loosen(now);

            var (start, why) = (now, "");
            if (lane.Limit is { } limit && !isFollowUp && lane.Calls.Count >= limit)
                (start, why) = (lane.Calls[^limit] + Window, $"takes about {limit} calls a minute of the kind {kind.Name}, and these are used up");
            if (lane.LockedUntil > start) (start, why) = (lane.LockedUntil, $"has had too many calls of the kind {kind.Name} and takes no more of them for now");
            if (start > now && start - now > patience) throw new SdpException(SdpFailure.Held, $"ServiceDesk Plus {why}") { RetryAfter = start - now };

            lane.Add(start > now ? start : now);
            return start > now ? start - now : TimeSpan.Zero;
        }
    }

    /// <summary>How many kinds of calls are locked now.</summary>
    public int Locked
    {
        get
        {
            lock (_gate) return _lanes.Values.Count(lane => lane.LockedUntil > Now);
        }
    }

    /// <summary>True while a lock lasts.</summary>
    public bool IsLocked(CallKind kind)
    {
        lock (_gate) return _lanes.TryGetValue(kind, out var lane) && lane.LockedUntil > Now;
    }

    /// <summary>Takes note of a call that was refused because there were too many, or because the server wants a pause.</summary>
    public void Note(CallKind kind, SdpException refusal)
    {
        var isThrottle = refusal.Failure == SdpFailure.Throttled;
        if (!isThrottle && refusal is not { Failure: SdpFailure.ServerError, RetryAfter: not null }) return;
        lock (_gate)
        {
            if (!_lanes.TryGetValue(kind, out var lane)) _lanes[kind] = lane = new Lane();
            var now = Now;
            // Several calls under way meet the same lock: the first one teaches.
            if (isThrottle && lane.LockedUntil <= now)
            {
                lane.Forget(now - Window);
                var passed = lane.Calls.Count(at => at <= now) - 1;
                if (passed >= LeastTelling) (lane.Limit, lane.Changed) = ((int)(passed * Share), now);
            }
            else if (refusal.RetryAfter is null)
            {
                return;
            }

            var pause = refusal.RetryAfter ?? Envelope.DefaultLock;
            var until = now + (pause < ShortestLock ? ShortestLock : pause > LongestLock ? LongestLock : pause);
            if (until > lane.LockedUntil) lane.LockedUntil = until;
        }
    }

    /// <summary>What was learned of an instance, and which kinds it has locked.</summary>
    public List<(string Call, int? PerMinute, DateTimeOffset? LockedUntil)> Learned(Uri api)
    {
        lock (_gate)
        {
            var (now, utc) = (Now, clock.GetUtcNow());
            foreach (var lane in _lanes.Values) lane.Loosen(now);
            return [.. _lanes.Where(entry => entry.Key.Api == api && (entry.Value.Limit is not null || entry.Value.LockedUntil > now))
                .OrderBy(entry => entry.Key.Name, StringComparer.Ordinal)
                .Select(entry => (entry.Key.Name, entry.Value.Limit, entry.Value.LockedUntil > now ? utc + (entry.Value.LockedUntil - now) : (DateTimeOffset?)null))];
        }
    }

    // Time since the beginning, not of day: a clock that is set neither ends a lock nor makes one last.
    private TimeSpan Now => clock.GetElapsedTime(_began);

    private sealed class Lane
    {
        /// <summary>When calls were or will be sent, oldest first.</summary>
        public List<TimeSpan> Calls { get; } = [];

        /// <summary>Calls a minute; null before anything was learned.</summary>
        public int? Limit { get; set; }

        /// <summary>When the limit was learned or last raised.</summary>
        public TimeSpan Changed { get; set; }

        public TimeSpan LockedUntil { get; set; }

        public void Add(TimeSpan at)
        {
            var before = Calls.FindLastIndex(call => call <= at);
            Calls.Insert(before + 1, at);
        }

        public void Forget(TimeSpan until) => Calls.RemoveRange(0, Calls.FindIndex(call => call > until) is var first and >= 0 ? first : Calls.Count);

        /// <summary>Raises the limit a little for each quiet time: what was too much once need not stay so.</summary>
        public void Loosen(TimeSpan now)
        {
            for (; Limit is { } limit && now - Changed >= Quiet; Changed += Quiet) Limit = limit >= 100_000 ? null : Math.Max(limit + 1, (int)(limit * Raise));
        }
    }
}

namespace Sidecar.Broker.Sdp;

/// <summary>
/// What time it is at the instance, by the Date of its answers: its records carry times of its own clock, and clocks of
/// servers in a company's cellar are minutes off.
/// </summary>
internal sealed class ServerClock(TimeProvider clock)
{
    // What is further off is no clock but a mistake.
    private static readonly TimeSpan Furthest = TimeSpan.FromDays(1);

    private long _ahead, _told = long.MinValue;

    /// <summary>How far the Date of the last answer was ahead of our clock, mistake or not; null before the first.</summary>
    public TimeSpan? Told => Interlocked.Read(ref _told) is var told && told != long.MinValue ? TimeSpan.FromTicks(told) : null;

    /// <summary>What its clock shows at a moment of ours; the same until an answer told.</summary>
    public DateTimeOffset There(DateTimeOffset here) => here + TimeSpan.FromTicks(Interlocked.Read(ref _ahead));

    /// <summary>Takes the Date of an answer that has just come; its resolution is a second.</summary>
    public void Learn(DateTimeOffset? date)
    {
        if (date is not { } told) return;
        var ahead = told - clock.GetUtcNow();
        Interlocked.Exchange(ref _told, ahead.Ticks);
        if (ahead.Duration() < Furthest) Interlocked.Exchange(ref _ahead, ahead.Ticks);
    }
}

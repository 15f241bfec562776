namespace Sidecar.Broker.Sdp;

/// <summary>
/// What time it is at the instance, by the Date of its answers: its records carry times of its own clock, and clocks of
/// servers in a company's cellar are minutes off.
/// </summary>
internal sealed class ServerClock(TimeProvider clock)
{
    // What is further off is no clock but a mistake.
    private static readonly TimeSpan Furthest = TimeSpan.FromDays(1);

    private long _ahead;

    /// <summary>What its clock shows at a moment of ours; the same until an answer told.</summary>
    public DateTimeOffset There(DateTimeOffset here) => here + TimeSpan.FromTicks(Interlocked.Read(ref _ahead));

    /// <summary>Takes the Date of an answer that has just come; its resolution is a second.</summary>
    public void Learn(DateTimeOffset? date)
    {
        if (date is { } told && (told - clock.GetUtcNow()).Duration() < Furthest) Interlocked.Exchange(ref _ahead, (told - clock.GetUtcNow()).Ticks);
    }
}

namespace Sidecar.Simulator;

/// <summary>The time as all simulated services see it: the given time, moved forward by request.</summary>
public sealed class SimulatorClock(TimeProvider source) : TimeProvider
{
    private long _advancedTicks;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => source.GetUtcNow().AddTicks(Interlocked.Read(ref _advancedTicks));

    /// <summary>Milliseconds since 1970, as ServiceDesk Plus writes times.</summary>
    public long Milliseconds => GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Moves the clock forward; tokens expire and limits clear as if the time had passed.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        Interlocked.Add(ref _advancedTicks, by.Ticks);
    }
}

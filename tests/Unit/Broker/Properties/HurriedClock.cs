namespace Sidecar.Tests.Unit.Broker.Properties;

/// <summary>A clock whose short waits are over at once and whose long ones never end: no pause slows a test, and no time limit strikes.</summary>
internal sealed class HurriedClock : TimeProvider
{
    // Pauses between attempts are shorter than this; limits for an answer are longer.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);

    private long _ticks = new DateTimeOffset(2026, 7, 1, 9, 0, 0, TimeSpan.Zero).UtcTicks;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new Timer(this, callback, state, dueTime);

    private sealed class Timer : ITimer
    {
        private readonly HurriedClock _clock;
        private readonly TimerCallback _callback;
        private readonly object? _state;

        public Timer(HurriedClock clock, TimerCallback callback, object? state, TimeSpan dueTime)
        {
            (_clock, _callback, _state) = (clock, callback, state);
            Change(dueTime, Timeout.InfiniteTimeSpan);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime < TimeSpan.Zero || dueTime > Longest) return true;
            Interlocked.Add(ref _clock._ticks, dueTime.Ticks);
            // Not from within: who made the timer does not hold it yet.
            return ThreadPool.QueueUserWorkItem(static timer => timer._callback(timer._state), this, preferLocal: false);
        }

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

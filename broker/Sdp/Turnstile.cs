namespace Sidecar.Broker.Sdp;

/// <summary>
/// Bounds how many calls one user has at the instance at once: a model in a loop must not lock its user out. Those who wait
/// are let in by turns, one call of each caller, so that a caller with many does not keep the others waiting.
/// </summary>
internal sealed class Turnstile(TimeProvider clock)
{
    public const int AtOnce = 8, MaxWaiting = 200, MaxWaitingOfOne = 100;

    private readonly Lock _gate = new();
    private readonly Queue<Waiter> _followUps = new();
    private readonly List<Line> _lines = [];
    private int _free = AtOnce;
    private TimeSpan _usual = TimeSpan.FromSeconds(1);

    /// <summary>Waits for a turn, at most as long as the caller does; its end is to be told by disposing it.</summary>
    /// <exception cref="SdpException">Too many are waiting, or the turn did not come in time; nothing was sent.</exception>
    public async Task<IDisposable> EnterAsync(Errand errand, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var waiter = new Waiter();
        lock (_gate)
        {
            if (_free > 0)
            {
                _free--;
                return new Turn(this);
            }

            Enqueue(waiter, errand);
        }

        try
        {
            await waiter.Called.Task.WaitAsync(errand.Left, clock, cancellationToken);
            return new Turn(this);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            // Called in the same moment: the turn goes to the next.
            if (!waiter.Called.TrySetCanceled(CancellationToken.None)) Leave(null);
            if (exception is OperationCanceledException) throw;
            lock (_gate) throw Busy("the turn of this call did not come in time");
        }
    }

    private void Enqueue(Waiter waiter, Errand errand)
    {
        // What finds out about a write is never turned away, nor kept behind what has not begun.
        if (errand.HasWritten)
        {
            _followUps.Enqueue(waiter);
            return;
        }

        _lines.ForEach(line => line.Waiters.RemoveAll(one => one.HasLeft));
        _lines.RemoveAll(line => line.Waiters.Count == 0);
        var own = _lines.Find(line => line.Caller == errand.Caller);
        if (own?.Waiters.Count >= MaxWaitingOfOne) throw Busy($"{MaxWaitingOfOne} calls of this caller are waiting already");
        if (_lines.Sum(line => line.Waiters.Count) >= MaxWaiting) throw Busy($"{MaxWaiting} calls are waiting already");
        if (own is null) _lines.Add(own = new Line(errand.Caller, []));
        own.Waiters.Add(waiter);
    }

    private SdpException Busy(string why)
    {
        var wait = _usual * (_lines.Sum(line => line.Waiters.Count) + 1) / AtOnce;
        return new(SdpFailure.Busy, why) { RetryAfter = wait < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : wait };
    }

    private void Leave(TimeSpan? took)
    {
        lock (_gate)
        {
            if (took is { } time) _usual = (_usual * 0.9) + (time * 0.1);
            while (Next() is { } next)
                if (next.Called.TrySetResult()) return;
            _free++;
        }
    }

    private Waiter? Next()
    {
        if (_followUps.TryDequeue(out var first)) return first;
        if (_lines.Count == 0) return null;
        var line = _lines[0];
        _lines.RemoveAt(0);
        var next = line.Waiters[0];
        line.Waiters.RemoveAt(0);
        // To the end, behind everybody else.
        if (line.Waiters.Count > 0) _lines.Add(line);
        return next;
    }

    private sealed class Waiter
    {
        public TaskCompletionSource Called { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool HasLeft => Called.Task.IsCanceled;
    }

    private sealed record Line(string Caller, List<Waiter> Waiters);

    private sealed class Turn(Turnstile turnstile) : IDisposable
    {
        private readonly long _started = turnstile.Timestamp;
        private int _ended;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0) turnstile.Leave(turnstile.Since(_started));
        }
    }

    private long Timestamp => clock.GetTimestamp();

    private TimeSpan Since(long started) => clock.GetElapsedTime(started);
}

namespace Sidecar.Broker.Sdp;

/// <summary>What a call passes before it is sent: the pace of its kind, then a turn.</summary>
internal sealed class Gate(Pace pace, Turnstile turnstile, TimeProvider clock)
{
    /// <summary>
    /// How long a call waits for the pace or a lock before it is refused instead. A caller does better to know than to hang; what
    /// finds out about a write is worth a longer wait.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10), PatienceAfterWrite = TimeSpan.FromSeconds(30);

    /// <summary>Lets one call through; disposing what is returned tells its end.</summary>
    /// <exception cref="SdpException">It would take too long. Nothing was sent; the exception has the wait.</exception>
    public async Task<IDisposable> EnterAsync(CallKind kind, CancellationToken cancellationToken)
    {
        var errand = Errand.Current;
        var started = clock.GetTimestamp();
        while (true)
        {
            var patience = (errand.HasWritten ? PatienceAfterWrite : Patience) - clock.GetElapsedTime(started);
            var wait = pace.Book(kind, patience < errand.Left ? patience : errand.Left, errand.HasWritten);
            if (wait > TimeSpan.Zero) await Task.Delay(wait, clock, cancellationToken);
            var turn = await turnstile.EnterAsync(errand, cancellationToken);
            // A call before this one may have met a lock while this one waited.
            if (!pace.IsLocked(kind)) return turn;
            turn.Dispose();
        }
    }

    /// <summary>Takes note of what a call met.</summary>
    public void Note(CallKind kind, SdpException failure) => pace.Note(kind, failure);
}

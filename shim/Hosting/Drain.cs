using System.Runtime.InteropServices;
using Sidecar.Shim.Settings;

namespace Sidecar.Shim.Hosting;

/// <summary>
/// How the shim ends: it listens no longer, calls in flight get their time, and whoever is left is told how things stand.
/// A second signal ends that time.
/// </summary>
internal sealed class Drain : IDisposable
{
    // For what callers are told to reach them.
    private static readonly TimeSpan ForAnswers = TimeSpan.FromSeconds(2);

    private readonly IHostApplicationLifetime _lifetime;
    private readonly TimeSpan _timeout;
    private readonly CancellationTokenSource _over = new(), _end = new();

    public Drain(IHostApplicationLifetime lifetime, ShimSettings settings)
    {
        (_lifetime, _timeout) = (lifetime, settings.DrainTimeout);
        _over.Token.Register(() => _end.CancelAfter(ForAnswers));
    }

    /// <summary>The longest that stopping may take, given the time for calls in flight.</summary>
    public static TimeSpan Longest(TimeSpan drainTimeout) => drainTimeout + ForAnswers + ForAnswers;

    /// <summary>Cancelled when the time of calls in flight is over.</summary>
    public CancellationToken Over => _over.Token;

    /// <summary>Serves until told to stop, and then until every call has ended, one way or another.</summary>
    public async Task RunAsync(IHost host, CancellationToken cancellation)
    {
        // The first signal is the host's to act upon; counted here, a second one right behind it is not missed.
        var signals = 0;
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Count);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Count);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var stopping = _lifetime.ApplicationStopping.Register(asked.SetResult);
        await host.StartAsync(cancellation);
        using var ended = cancellation.Register(_lifetime.StopApplication);
        await asked.Task;
        _over.CancelAfter(_timeout);
        await host.StopAsync(_end.Token);

        void Count(PosixSignalContext signal)
        {
            signal.Cancel = true;
            if (Interlocked.Increment(ref signals) > 1) _over.Cancel();
        }
    }

    public void Dispose()
    {
        _over.Dispose();
        _end.Dispose();
    }
}

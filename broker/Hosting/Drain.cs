using System.Runtime.InteropServices;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Sidecar.Broker.Callers;
using Sidecar.Broker.Operations;
using Sidecar.Contract;

namespace Sidecar.Broker.Hosting;

/// <summary>
/// How the broker ends: new calls are refused, those in flight get their time, and whoever is left is told how things stand.
/// A second signal ends that time.
/// </summary>
internal sealed class Drain : IDisposable
{
    // First what can be broken off is told. What still runs then is a change on its way, which is told as unknown.
    private static readonly TimeSpan ForUnsent = TimeSpan.FromSeconds(1), ForAnswers = TimeSpan.FromSeconds(3);

    private readonly IHostApplicationLifetime _lifetime;
    private readonly TimeSpan _timeout;
    private readonly CancellationTokenSource _over = new(), _givenUp = new(), _end = new();

    public Drain(IHostApplicationLifetime lifetime, IOptions<BrokerOptions> options)
    {
        (_lifetime, _timeout) = (lifetime, options.Value.DrainTimeout);
        _over.Token.Register(() =>
        {
            _givenUp.CancelAfter(ForUnsent);
            _end.CancelAfter(ForAnswers);
        });
    }

    /// <summary>The longest that stopping may take, given the time for calls in flight.</summary>
    public static TimeSpan Longest(TimeSpan drainTimeout) => drainTimeout + ForAnswers + ForAnswers;

    /// <summary>Cancelled when the time of calls in flight is over: reads end, and changes that were not sent yet.</summary>
    public CancellationToken Over => _over.Token;

    /// <summary>Cancelled when even a change on its way is no longer waited for.</summary>
    public CancellationToken GivenUp => _givenUp.Token;

    /// <summary>Refuses a call that came after the broker was asked to stop.</summary>
    /// <exception cref="FailureException">It was.</exception>
    public void RefuseNew()
    {
        if (_lifetime.ApplicationStopping.IsCancellationRequested) throw new FailureException(Stopped("The broker is being stopped and takes no new calls."));
    }

    /// <summary>What a caller is told whose call was ended; null if it is not the broker's end that ended it.</summary>
    public Failure? WhatEnded(Operation operation, OperationCanceledException ended)
    {
        if (!Over.IsCancellationRequested) return null;
        return ended.CancellationToken == GivenUp && operation.Access != Access.Read
            ? Translator.OutcomeUnknown("The broker was stopped while the change was on its way to ServiceDesk Plus.")
            : Stopped("The broker was stopped before the call was done.");
    }

    /// <summary>Serves until told to stop, and then until every call has ended, one way or another.</summary>
    public async Task RunAsync(IHost host, CancellationToken cancellationToken)
    {
        // The first signal is the host's to act upon; counted here, a second one right behind it is not missed.
        var signals = 0;
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Count);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Count);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var stopping = _lifetime.ApplicationStopping.Register(asked.SetResult);
        using var ended = cancellationToken.Register(_lifetime.StopApplication);
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
        _givenUp.Dispose();
        _end.Dispose();
    }

    private static Failure Stopped(string what) => new(StatusCode.Unavailable, "STOPPING", what) { Next = "Try again in a moment." };
}

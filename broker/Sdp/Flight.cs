using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Sidecar.Broker.Sdp;

/// <summary>One read under way, and those who wait for it.</summary>
/// <param name="generation">How many writes had begun or ended when it began.</param>
/// <param name="errand">What it is made for.</param>
[SuppressMessage("Reliability", "CA1001", Justification = "Its source of cancellation has no timer and no handle, and may be cancelled after the read has ended.")]
internal sealed class Flight(long generation, Errand errand)
{
    private readonly TaskCompletionSource<JsonElement> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _deserted = new();
    private int _started;

    public long Generation => generation;

    public Errand Errand => errand;

    /// <summary>How many take part.</summary>
    public int Parties { get; set; } = 1;

    /// <summary>What the attempt before failed with: that is what to tell when time runs out.</summary>
    public SdpException? LastFailure { get; set; }

    public Task<JsonElement> Answer => _answer.Task;

    /// <summary>Ends when nobody waits any longer.</summary>
    public CancellationToken Deserted => _deserted.Token;

    /// <summary>True for the first who asks.</summary>
    public bool TryStart() => Interlocked.Exchange(ref _started, 1) == 0;

    public void Desert() => _deserted.Cancel();

    public void End(JsonElement answer, Exception? failed)
    {
        if (failed is null) _answer.SetResult(answer);
        else if (failed is OperationCanceledException) _answer.SetCanceled(Deserted);
        else _answer.SetException(failed);
        // Seen, even if everybody has left.
        _ = _answer.Task.Exception;
    }
}

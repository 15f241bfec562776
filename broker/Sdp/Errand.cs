namespace Sidecar.Broker.Sdp;

/// <summary>
/// The operation that calls to the instance are made for. It travels with the flow of control, because every call below an
/// operation, however deep, is made for the same caller, within the same time and after the same writes.
/// </summary>
/// <param name="caller">Who asked, as the shim names them.</param>
/// <param name="deadline">When the caller stops waiting, in UTC; the greatest value if never.</param>
/// <param name="clock">The time.</param>
internal sealed class Errand(string caller, DateTime deadline, TimeProvider clock)
{
    private static readonly AsyncLocal<Errand?> Ambient = new();
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1), ForTheAnswer = TimeSpan.FromMilliseconds(250);

    private readonly long _started = clock.GetTimestamp();
    private TimeSpan _allowance =
        deadline - clock.GetUtcNow().UtcDateTime is var left && left < Longest ? left - ForTheAnswer : Longest;

    /// <summary>The one under way; outside of any operation, one of nobody's without an end.</summary>
    public static Errand Current
    {
        get => Ambient.Value ?? new Errand("", DateTime.MaxValue, TimeProvider.System);
        set => Ambient.Value = value;
    }

    public string Caller => caller;

    /// <summary>
    /// True once it may have changed something. What is left to do then is to find out what became of it: such calls wait
    /// behind nobody's, and only for what the instance itself demands.
    /// </summary>
    public bool HasWritten { get; set; }

    /// <summary>
    /// How long the caller still waits, less the time that the answer takes. Nobody is hurried by a deadline that has passed
    /// after a write: the caller is gone, and the audit is still to learn what became of it.
    /// </summary>
    public TimeSpan Left => _allowance - clock.GetElapsedTime(_started) is var left && left > TimeSpan.Zero ? left
        : HasWritten ? Longest : TimeSpan.Zero;

    /// <summary>The same for what others may come to share: it lasts as long as the one of them who waits longest.</summary>
    public Errand ToShare() => new(caller, DateTime.MaxValue, clock) { HasWritten = HasWritten, _allowance = Left };

    /// <summary>Takes in another who waits for it.</summary>
    public void ShareWith(Errand other)
    {
        if (other.Left > Left) _allowance = other.Left + clock.GetElapsedTime(_started);
    }
}

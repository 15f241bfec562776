using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Sidecar.Broker.Credentials;
using Sidecar.Contract;

namespace Sidecar.Broker.Operations.Fate;

/// <summary>A write whose outcome its caller did not learn, or not yet.</summary>
/// <param name="Sent">When it was sent.</param>
/// <param name="Outcome">Its end: the record, or a failure that says whether anything was changed.</param>
/// <param name="Caller">Cancelled if its caller left.</param>
internal sealed record OpenWrite(DateTimeOffset Sent, Task<IMessage> Outcome, CancellationToken Caller)
{
    /// <summary>When it ended or was given up, as the clock's timestamp; null while it is on its way.</summary>
    public long? Ended { get; set; }
}

/// <summary>
/// Knows the writes on their way and remembers, for a while, those whose callers left or were told that the outcome is
/// unknown, so that the same call made again gets what became of the first, and not a second one.
/// </summary>
internal sealed class WriteLedger(TimeProvider clock)
{
    /// <summary>How long a write is remembered after it was last asked about.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    private const int MaxRemembered = 1000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (OpenWrite Write, long Kept)> _open = [];

    /// <summary>What makes two calls the same: the operation, all its arguments, and whom it is done for.</summary>
    public static string Key(Operation operation, IMessage request, Credential credential) => Convert.ToHexString(SHA256.HashData(
        [.. Encoding.UTF8.GetBytes($"{credential.ApiUrl} {credential.TechnicianEmail} {operation.Name} "), .. request.ToByteArray()]));

    /// <summary>The same write made before, if it is on its way or its caller does not know what became of it.</summary>
    public OpenWrite? Find(string key)
    {
        lock (_lock)
        {
            return _open.TryGetValue(key, out var open) && clock.GetElapsedTime(open.Kept) < Window ? open.Write : null;
        }
    }

    /// <summary>Remembers a write.</summary>
    public void Keep(string key, OpenWrite write)
    {
        lock (_lock)
        {
            if (_open.Count >= MaxRemembered) _open.Remove(_open.MinBy(pair => pair.Value.Kept).Key);
            _open[key] = (write, clock.GetTimestamp());
        }
    }

    /// <summary>Forgets a write whose outcome was told, or that was shown not to have happened.</summary>
    public void Forget(string key, OpenWrite write)
    {
        lock (_lock)
        {
            if (_open.TryGetValue(key, out var open) && open.Write == write) _open.Remove(key);
        }
    }
}

using Microsoft.IdentityModel.Tokens;

namespace Sidecar.Shim.Access.Entra;

/// <summary>
/// Entra's keys, kept. Read at start, again when they are old, and when a token names one that is not among them, but not more
/// often than the pauses say: what callers send cannot make the shim call Entra. When Entra is away the keys read last serve.
/// </summary>
internal sealed partial class EntraKeys(KeySource source, TimeProvider clock, ILogger<EntraKeys> logger)
{
    /// <summary>Age at which they are read again while the old ones serve.</summary>
    public static readonly TimeSpan Old = TimeSpan.FromHours(6);

    /// <summary>From one reading for the sake of an unknown key to the next, at least.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(5);

    /// <summary>From a reading that failed to the next, at least.</summary>
    public static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(15);

    private readonly Lock _gate = new();
    private Task _reading = Task.CompletedTask;
    private long? _failedAt;
    private long? _askedAt;
    private (KeySet Set, long At)? _keys;

    /// <summary>Finds the key that a token names.</summary>
    /// <returns>The key; or why there is none.</returns>
    public async ValueTask<(SecurityKey? Key, Refusal? Refusal)> FindAsync(string id, CancellationToken cancellation)
    {
        if (Kept(id, out var old) is { } kept)
        {
            if (old) _ = StartReading();
            return (kept, null);
        }

        await StartReadingForUnknown().WaitAsync(cancellation);
        if (Kept(id, out _) is { } read) return (read, null);

        // While Entra cannot be asked, nobody knows whether the key is new or made up.
        lock (_gate) return (null, _failedAt is null ? Refusal.UnknownKey : Refusal.NoKeys);
    }

    /// <summary>Reads them now, unless that is going on, or failed a moment ago.</summary>
    public Task StartReading()
    {
        lock (_gate)
        {
            if (!_reading.IsCompleted || IsWithin(PauseAfterFailure, _failedAt)) return _reading;
            return _reading = Task.Run(ReadAsync);
        }
    }

    private Task StartReadingForUnknown()
    {
        lock (_gate)
        {
            // Keys that failed to come are asked for at the pace of failures.
            if (_reading.IsCompleted && _failedAt is null && _keys is not null)
            {
                if (IsWithin(Pause, _askedAt)) return Task.CompletedTask;
                _askedAt = clock.GetTimestamp();
            }

            return StartReading();
        }
    }

    private bool IsWithin(TimeSpan pause, long? since) => since is { } start && clock.GetElapsedTime(start) < pause;

    private RsaSecurityKey? Kept(string id, out bool old)
    {
        lock (_gate)
        {
            old = _keys is { } keys && clock.GetElapsedTime(keys.At) > Old;
            return _keys?.Set.Find(id);
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            var read = await source.ReadAsync();
            LogRead(read.Count);
            End(read);
        }
        catch (Exception problem)
        {
            var reason = problem is KeySourceException ? problem.Message : problem.GetType().Name;
            if (End(null)) LogKept(reason);
            else LogNone(reason);
        }
    }

    private bool End(KeySet? read)
    {
        lock (_gate)
        {
            _failedAt = read is null ? clock.GetTimestamp() : null;
            if (read is not null) _keys = (read, clock.GetTimestamp());
            return _keys is not null;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Read Entra ID's keys: {Count}.")]
    private partial void LogRead(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Entra ID's keys cannot be read: {Reason}. Those that were read before serve.")]
    private partial void LogKept(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Entra ID's keys cannot be read: {Reason}. Until they are, tokens are answered with 503.")]
    private partial void LogNone(string reason);
}

using Sidecar.Contract;

namespace Sidecar.Broker.Credentials;

/// <summary>
/// The credential now in use. Once one was read, it stays in use while its source cannot be read: calls go on, and
/// <see cref="Problem"/> tells. It goes out of use only when its source says that it is disabled or deleted.
/// </summary>
internal sealed partial class CredentialStore(ICredentialSource source, TimeProvider clock, ILogger<CredentialStore> logger) : IDisposable
{
    // A failed call makes the broker read at once, and again for one more failure soon after; then once in this time, so that
    // a fault which fails every call of every broker does not become a storm at the vault.
    private static readonly TimeSpan AskedInterval = TimeSpan.FromSeconds(15);
    private const int AskedBurst = 2;

    // A call waits for a read that it asked for, so that one is given less.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30), AskedPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ToldAgain = TimeSpan.FromHours(1), LongestWait = TimeSpan.FromHours(1);

    private readonly SemaphoreSlim _reading = new(1);
    private readonly TaskCompletionSource _firstRead = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _start = clock.GetTimestamp();
    private TaskCompletionSource _change = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile CredentialStatus _status = CredentialStatus.NoneYet;
    private volatile int _begun, _completed;
    private TimeSpan _asked, _told;
    private TimeSpan _notBefore;

    /// <summary>The credential; null until one was read, and after it was disabled or deleted.</summary>
    public Credential? Current => _status.Credential;

    /// <summary>How it stands.</summary>
    public CredentialStatus Status => _status;

    /// <summary>Why the last read failed, and how old the credential in use is; null if it did not fail.</summary>
    public string? Problem => _status switch
    {
        { Failure: null } => null,
        { Credential: null, Failure.Message: var why } => why,
        { Failure.Message: var why } status => $"{why} The credential that was read {Age(status)} ago stays in use.",
    };

    /// <summary>How long the source has asked to be left alone, from now; zero if it has not.</summary>
    public TimeSpan Wait => _notBefore > Now ? _notBefore - Now : TimeSpan.Zero;

    /// <summary>Completes when the credential becomes another one, or none.</summary>
    public Task NextChange => _change.Task;

    // By the clock that nobody sets.
    private TimeSpan Now => clock.GetElapsedTime(_start);

    /// <summary>The credential, once it was first looked for.</summary>
    /// <exception cref="CredentialException">There is none; the message says why.</exception>
    public async ValueTask<Credential> RequireAsync(CancellationToken cancellationToken)
    {
        if (Current is { } credential) return credential;
        await _firstRead.Task.WaitAsync(cancellationToken);
        var status = _status;
        return status.Credential ?? throw new CredentialException(
            status.State, status.Failure!.Message, Wait > TimeSpan.Zero ? Wait : null, status.Failure);
    }

    /// <summary>Reads the source again. Never throws but for cancellation.</summary>
    /// <param name="force">
    /// True at the interval. False when a call failed to authenticate, which may mean that the credential was rotated: then
    /// callers share a read, the source is not asked more often than it bears, and nobody waits for long.
    /// </param>
    /// <param name="cancellationToken">Ends the read.</param>
    /// <returns>True if the credential is another one than before.</returns>
    public async Task<bool> RefreshAsync(bool force, CancellationToken cancellationToken)
    {
        var (before, begun) = (Current?.Version, _begun);
        using var patience = new CancellationTokenSource(force ? Patience : AskedPatience, clock);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await _reading.WaitAsync(end.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Another read hangs; it will tell.
            return false;
        }

        try
        {
            // One that began after this was asked for saw the source no earlier than this one would.
            var isAnswered = _completed > begun;
            if (!force && (isAnswered || !MayAsk())) return Current?.Version != before;
            var number = ++_begun;
            await ReadAsync(end.Token, cancellationToken);
            _completed = number;
            return Current?.Version != before;
        }
        finally
        {
            _firstRead.TrySetResult();
            _reading.Release();
        }
    }

    public void Dispose() => _reading.Dispose();

    private async Task ReadAsync(CancellationToken end, CancellationToken cancellationToken)
    {
        try
        {
            Take(await source.ReadAsync(end));
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Only our own texts are shown: a library's may quote what it read.
            Fail(exception as CredentialException ?? new CredentialException(
                CredentialState.Unreachable,
                exception is OperationCanceledException ? "The credential's source does not answer in time." : $"The credential could not be read ({exception.GetType().Name}).",
                inner: exception));
        }
    }

    private void Take(Credential credential)
    {
        var before = _status;
        _status = new CredentialStatus(credential, clock.GetUtcNow(), null);
        if (before is { ReadTime: not null, Failure: not null }) LogReadAgain();
        if (credential.Version == before.Credential?.Version) return;
        LogTaken(credential.Version, credential.TechnicianEmail, credential.BaseUrl.Host);
        TellChange();
    }

    private void Fail(CredentialException failure)
    {
        var before = _status;
        _status = before.After(failure);
        if (failure.RetryAfter is { } wait) _notBefore = Now + (wait < LongestWait ? wait : LongestWait);
        Log(before);
        if (before.Credential is not null && _status.Credential is null) TellChange();
    }

    private void TellChange() =>
        Interlocked.Exchange(ref _change, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();

    private bool MayAsk()
    {
        if (Wait > TimeSpan.Zero) return false;
        var asked = (_asked > Now ? _asked : Now) + AskedInterval;
        if (asked - Now > AskedInterval * AskedBurst) return false;
        _asked = asked;
        return true;
    }

    // When it begins or becomes something else, and then rarely: an outage of hours is not hundreds of lines.
    private void Log(CredentialStatus before)
    {
        var status = _status;
        var isOld = status.State == before.State && (status.State == CredentialState.Stale || status.Failure!.Message == before.Failure!.Message);
        if (isOld && Now - _told < ToldAgain) return;
        _told = Now;
        var (state, problem) = (status.State, status.Failure!.Message);
        if (status.Credential is not null) LogStale(state, problem, Age(status));
        else if (before.Credential is { } ended) LogEnded(ended.Version, ended.TechnicianEmail, state, problem);
        else LogFailed(state, problem);
    }

    private string Age(CredentialStatus status) => Ago.Tell(clock.GetUtcNow() - status.ReadTime!.Value);

    [LoggerMessage(Level = LogLevel.Information, Message = "Credential version {Version} in use: {Technician} at {Instance}")]
    private partial void LogTaken(string version, string technician, string instance);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Credential not read ({State}): {Problem}")]
    private partial void LogFailed(CredentialState state, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Credential not read again ({State}): {Problem} The one that was read {Age} ago stays in use.")]
    private partial void LogStale(CredentialState state, string problem, string age);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Credential version {Version} of {Technician} is out of use ({State}): {Problem} No call is made until that changes.")]
    private partial void LogEnded(string version, string technician, CredentialState state, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "The credential's source answers again")]
    private partial void LogReadAgain();
}

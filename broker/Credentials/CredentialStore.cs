namespace Sidecar.Broker.Credentials;

/// <summary>
/// The credential now in use. Once one was read, it stays in use while its source cannot be read: calls go on, and
/// <see cref="Problem"/> tells.
/// </summary>
internal sealed partial class CredentialStore(ICredentialSource source, TimeProvider clock, ILogger<CredentialStore> logger) : IDisposable
{
    // A rejected token makes every caller ask for a re-read; the vault sees at most one of those in this time. The watcher's
    // own reads do not count: what was read a moment before the credential died is no reason not to look again.
    private static readonly TimeSpan MinInterval = TimeSpan.FromSeconds(15);

    private readonly SemaphoreSlim _reading = new(1);
    private readonly TaskCompletionSource _firstRead = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _change = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long? _lastAsked;

    /// <summary>The credential; null until one was read.</summary>
    public Credential? Current { get; private set; }

    /// <summary>Why the last read failed; null if it did not.</summary>
    public string? Problem { get; private set; } = "The credential was not read yet.";

    /// <summary>Completes when the credential becomes another one.</summary>
    public Task NextChange => _change.Task;

    /// <summary>The credential, once it was first looked for.</summary>
    /// <exception cref="CredentialException">There is none; the message says why.</exception>
    public async ValueTask<Credential> RequireAsync(CancellationToken cancellationToken)
    {
        if (Current is { } credential) return credential;
        await _firstRead.Task.WaitAsync(cancellationToken);
        return Current ?? throw new CredentialException(Problem ?? "There is no credential.");
    }

    /// <summary>Reads the source again, unless that was asked for a moment ago. Never throws but for cancellation.</summary>
    /// <returns>True if the credential is another one than before.</returns>
    public async Task<bool> RefreshAsync(bool force, CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            if (!force)
            {
                if (_lastAsked is { } last && clock.GetElapsedTime(last) < MinInterval) return false;
                _lastAsked = clock.GetTimestamp();
            }

            var credential = await source.ReadAsync(cancellationToken);
            if (Problem is not null && Current is not null) LogReadAgain();
            Problem = null;
            if (credential.Version == Current?.Version) return false;
            LogTaken(credential.Version, credential.TechnicianEmail, credential.BaseUrl.Host);
            Current = credential;
            Interlocked.Exchange(ref _change, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
            return true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Only our own texts are shown: a library's may quote what it read.
            var problem = exception is CredentialException ? exception.Message : $"The credential could not be read ({exception.GetType().Name}).";
            if (problem != Problem) LogFailed(problem);
            Problem = problem;
            return false;
        }
        finally
        {
            _firstRead.TrySetResult();
            _reading.Release();
        }
    }

    public void Dispose() => _reading.Dispose();

    [LoggerMessage(Level = LogLevel.Information, Message = "Credential version {Version} in use: {Technician} at {Instance}")]
    private partial void LogTaken(string version, string technician, string instance);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Credential not read: {Problem}")]
    private partial void LogFailed(string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "The credential's source answers again")]
    private partial void LogReadAgain();
}

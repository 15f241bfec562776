using Sidecar.Broker.Credentials;
using Sidecar.Contract;

namespace Sidecar.Broker.Tokens;

/// <summary>
/// What was asked of Zoho and what came of it: in memory, and in the file if there is one, so that a restart neither repeats
/// it nor goes beyond Zoho's limit, ten requests for one refresh token in ten minutes. Not for several threads at once.
/// </summary>
internal sealed partial class TokenMemory
{
    /// <summary>Requests in <see cref="Window"/>: one less than Zoho allows.</summary>
    public const int Limit = 9;

    /// <summary>Zoho's ten minutes, and how long a request may be on its way.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(10.5);

    // Requests that cannot be written down are forgotten by a restart. This far apart, and from the start of the process, they
    // are too few for the limit even if it restarts again and again.
    private const int UnwrittenLimit = 5;
    private static readonly TimeSpan UnwrittenPause = Window / UnwrittenLimit;

    // Of any refresh token: stands for requests of which nothing is known.
    private const string AnyGrant = "*";

    private readonly TokenFile? _file;
    private readonly TimeProvider _clock;
    private readonly ILogger<TokenMemory> _logger;
    private readonly List<TokenCall> _calls = [];
    private TokenFailure? _failure;
    private StoredToken? _stored;
    private AccessToken? _token;
    private TimeSpan _lastCall;

    /// <param name="file">Where it outlives a restart; null: nowhere.</param>
    /// <param name="clock">Tells how much time has passed.</param>
    /// <param name="logger">Told when the file cannot be used.</param>
    public TokenMemory(TokenFile? file, TimeProvider clock, ILogger<TokenMemory> logger)
    {
        (_file, _clock, _logger) = (file, clock, logger);
        _lastCall = clock.SinceBoot();
        if (file is not null) Load(file);
    }

    /// <summary>Why the file cannot be used, for people; null if it can, or there is none.</summary>
    public string? Problem { get; private set; }

    /// <summary>The token for a credential, ended or not; null if there is none.</summary>
    public AccessToken? TokenOf(Credential credential)
    {
        if (_token is null && _stored is { } stored && stored.Credential == Fingerprint.OfCredential(credential))
            _token = new AccessToken(stored.Value, credential, stored.Asked, stored.Expires);
        return _token?.Credential.Version == credential.Version ? _token : null;
    }

    /// <summary>Why there is no token for a credential; null where nothing is known against it.</summary>
    public TokenFailure? FailureOf(Credential credential) => _failure is { } failure
        && (failure.Credential == Fingerprint.OfCredential(credential)
            || (failure.State == TokenState.CoolingDown && failure.Grant == Fingerprint.OfGrant(credential)))
        ? failure
        : null;

    /// <summary>Writes down a request that is about to be made.</summary>
    /// <returns>Null if it may be made; else why not, and when.</returns>
    public TokenException? Take(Credential credential)
    {
        var (now, grant) = (_clock.SinceBoot(), Fingerprint.OfGrant(credential));
        _calls.RemoveAll(call => now - call.At >= Window);
        var spent = _calls.FindAll(call => call.Grant == grant || call.Grant == AnyGrant);
        if (Wait(spent, Limit, now) is { } wait)
            return new TokenException(TokenState.CoolingDown, "Zoho allows ten token requests in ten minutes, and they are used up.", wait);

        _calls.Add(new TokenCall(grant, now));
        if (!Save())
        {
            var early = _lastCall + UnwrittenPause - now;
            if ((early > TimeSpan.Zero ? early : Wait(spent, UnwrittenLimit, now)) is { } pause)
            {
                _calls.RemoveAt(_calls.Count - 1);
                return new TokenException(TokenState.CoolingDown, $"Zoho is asked for a token less often, because requests cannot be counted: {Problem}", pause);
            }
        }

        _lastCall = now;
        return null;
    }

    /// <summary>Takes back the last request for a credential, which never left.</summary>
    public void GiveBack(Credential credential)
    {
        var grant = Fingerprint.OfGrant(credential);
        var last = _calls.FindLastIndex(call => call.Grant == grant);
        if (last >= 0) _calls.RemoveAt(last);
    }

    public void Keep(AccessToken token)
    {
        (_token, _failure) = (token, null);
        // A technician key has no end, and is found where it is kept: nothing of it goes into the file.
        _stored = token.KeyHeader is null ? new StoredToken(Fingerprint.OfCredential(token.Credential), token.Value, token.Asked, token.Expires) : null;
        Save();
    }

    /// <summary>Forgets a token, if it is the one that is kept.</summary>
    /// <returns>True if it was.</returns>
    public bool Drop(AccessToken token)
    {
        if (_token != token) return false;
        (_token, _stored) = (null, null);
        return true;
    }

    public void Fail(Credential credential, TokenException failure, TimeSpan wait)
    {
        _failure = new TokenFailure(
            Fingerprint.OfCredential(credential), Fingerprint.OfGrant(credential), failure.State, failure.Message, _clock.SinceBoot() + wait);
        Save();
    }

    private static TimeSpan? Wait(List<TokenCall> spent, int limit, TimeSpan now) =>
        spent.Count < limit ? null : spent[^limit].At + Window - now;

    private void Load(TokenFile file)
    {
        var now = _clock.SinceBoot();
        try
        {
            if (file.Load(now) is not { } record) return;
            _calls.AddRange(record.Calls);
            (_failure, _stored) = (record.Failure, record.Token);
        }
        catch (InvalidDataException exception)
        {
            // Whatever was asked, it was asked before now.
            _calls.AddRange(Enumerable.Repeat(new TokenCall(AnyGrant, now), Limit));
            LogUnreadable(file.Path, exception.Message);
            Save();
        }
    }

    private bool Save()
    {
        if (_file is null) return true;
        try
        {
            _file.Save(_clock.SinceBoot(), _calls, _failure, _stored);
            if (Problem is not null) LogWrittenAgain(_file.Path);
            Problem = null;
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (Problem is null) LogUnwritten(_file.Path, exception.Message);
            Problem = $"Tokens__CachePath {_file.Path} cannot be written ({exception.GetType().Name}).";
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path} does not tell which token requests were made ({Reason}); Zoho is asked for none in the next ten minutes")]
    private partial void LogUnreadable(string path, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path} cannot be written ({Reason}); a restart will not know the token, and asks for it no sooner than after two minutes")]
    private partial void LogUnwritten(string path, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Path} can be written again")]
    private partial void LogWrittenAgain(string path);
}

using Sidecar.Broker.Credentials;
using Sidecar.Contract;

namespace Sidecar.Broker.Tokens;

/// <summary>
/// One access token for the current credential: one refresh at a time for all callers, ahead of expiry, never in a loop.
/// </summary>
internal sealed partial class TokenBroker(
    CredentialStore credentials, ZohoAccounts zoho, TechnicianKeys keys, TimeProvider clock, ILogger<TokenBroker> logger) : IDisposable
{
    /// <summary>Renewed in the background this long before it ends.</summary>
    public static readonly TimeSpan Ahead = TimeSpan.FromMinutes(5);

    // Below this a token could end on the way; callers wait for the next one.
    private static readonly TimeSpan Remaining = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RefreshTimeout = TimeSpan.FromSeconds(30), FirstPause = TimeSpan.FromSeconds(2), LastPause = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly TokenBudget _budget = new(clock);
    private AccessToken? _token;
    private Task<AccessToken>? _refresh;
    private string? _refreshVersion;
    private TokenException? _failure;
    private string? _failedVersion;
    private DateTimeOffset _notBefore;
    private TimeSpan _pause = FirstPause;

    /// <summary>How the token stands, when it ends, and why there is none.</summary>
    public (TokenState State, DateTimeOffset? Expires, string? Problem) Status
    {
        get
        {
            lock (_lock)
            {
                if (IsUsable(credentials.Current)) return (TokenState.Valid, _token!.Expires, null);
                return _failure is { } failure && _failedVersion == credentials.Current?.Version
                    ? (failure.State, null, failure.Message)
                    : (TokenState.None, null, null);
            }
        }
    }

    /// <summary>A token for the current credential.</summary>
    /// <exception cref="TokenException">There is none.</exception>
    public Task<AccessToken> GetAsync(CancellationToken cancellationToken) => ForCurrentAsync(null, cancellationToken);

    /// <summary>A token other than one that was not accepted. Callers who come with the same rejected token share one refresh.</summary>
    /// <exception cref="TokenException">There is none.</exception>
    public Task<AccessToken> RenewAsync(AccessToken rejected, CancellationToken cancellationToken) => ForCurrentAsync(rejected, cancellationToken);

    /// <summary>Renews ahead of expiry if that is due; a failure leaves the present token in use.</summary>
    public async Task RenewAheadAsync(CancellationToken cancellationToken)
    {
        Task<AccessToken> refresh;
        lock (_lock)
        {
            if (credentials.Current is not { } credential) return;
            if (_token is { } token && token.Credential.Version == credential.Version && clock.GetUtcNow() < RenewTime(token)) return;
            refresh = Refresh(credential);
        }

        try
        {
            await refresh.WaitAsync(cancellationToken);
        }
        catch (TokenException)
        {
            // Told by Status, and to each caller who needs a token.
        }
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }

    private async Task<AccessToken> ForCurrentAsync(AccessToken? rejected, CancellationToken cancellationToken)
    {
        while (true)
        {
            var credential = await credentials.RequireAsync(cancellationToken);
            Task<AccessToken> refresh;
            lock (_lock)
            {
                if (_token == rejected) _token = null;
                if (IsUsable(credential)) return _token!;
                refresh = Refresh(credential);
            }

            try
            {
                var token = await refresh.WaitAsync(cancellationToken);
                if (IsCurrent(credential)) return token;
            }
            catch (TokenException) when (!IsCurrent(credential))
            {
                // It failed for a credential that is no longer the one.
            }
        }
    }

    private bool IsCurrent(Credential credential) => credentials.Current?.Version == credential.Version;

    // A token that lives shorter than usual is renewed at half its life, not again and again.
    private static DateTimeOffset RenewTime(AccessToken token) =>
        token.Expires - (token.Expires - token.Asked > Ahead * 2 ? Ahead : (token.Expires - token.Asked) / 2);

    private bool IsUsable(Credential? credential) =>
        _token is { } token && token.Credential.Version == credential?.Version && token.Expires - clock.GetUtcNow() > Remaining;

    // Called under the lock. The refresh is nobody's: a caller who gives up does not end it for the others.
    private Task<AccessToken> Refresh(Credential credential)
    {
        if (_refresh is { IsCompleted: false } && _refreshVersion == credential.Version) return _refresh;
        var now = clock.GetUtcNow();
        if (_failure is { } failure && _failedVersion == credential.Version && (failure.State == TokenState.Refused || now < _notBefore))
        {
            return Task.FromException<AccessToken>(
                new TokenException(failure.State, failure.Message, failure.State == TokenState.Refused ? null : _notBefore - now));
        }

        // The budget is Zoho's.
        if (credential is CloudCredential && !_budget.TryTake(out var wait))
        {
            return Task.FromException<AccessToken>(Failed(credential, new TokenException(
                TokenState.CoolingDown, "Zoho allows ten token requests in ten minutes, and they are used up.", wait)));
        }

        _refreshVersion = credential.Version;
        return _refresh = RefreshAsync(credential);
    }

    private async Task<AccessToken> RefreshAsync(Credential credential)
    {
        await Task.Yield();
        try
        {
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
            timeout.CancelAfter(RefreshTimeout);
            var token = credential switch
            {
                OnPremCredential onPrem => await keys.TryAsync(onPrem, timeout.Token),
                _ => await zoho.RefreshAsync((CloudCredential)credential, timeout.Token),
            };
            lock (_lock)
            {
                // One that was overtaken by a rotation must not undo what was done since.
                if (IsCurrent(credential)) (_token, _failure, _pause) = (token, null, FirstPause);
            }

            if (token.KeyHeader is null) LogRenewed(credential.Version, token.Expires);
            return token;
        }
        catch (Exception exception)
        {
            var failure = exception as TokenException
                ?? new TokenException(TokenState.Unreachable, $"No token could be had ({exception.GetType().Name}).", inner: exception);
            lock (_lock)
            {
                if (IsCurrent(credential)) Failed(credential, failure);
            }

            LogFailed(failure.State, failure.Message);
            throw failure;
        }
    }

    // Called under the lock.
    private TokenException Failed(Credential credential, TokenException failure)
    {
        var wait = failure.RetryAfter ?? _pause;
        if (failure.State == TokenState.Unreachable) _pause = TimeSpan.FromTicks(Math.Min(_pause.Ticks * 2, LastPause.Ticks));
        (_failure, _failedVersion, _notBefore) = (failure, credential.Version, clock.GetUtcNow() + wait);
        return failure;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Access token renewed for credential version {Version}, good until {Expires}")]
    private partial void LogRenewed(string version, DateTimeOffset expires);

    [LoggerMessage(Level = LogLevel.Warning, Message = "No access token ({State}): {Problem}")]
    private partial void LogFailed(TokenState state, string problem);
}

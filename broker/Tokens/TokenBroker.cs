using Sidecar.Broker.Credentials;
using Sidecar.Broker.Telemetry;
using Sidecar.Contract;

namespace Sidecar.Broker.Tokens;

/// <summary>
/// One access token for the current credential: one refresh at a time for all callers, ahead of expiry, never in a loop.
/// </summary>
internal sealed partial class TokenBroker(
    CredentialStore credentials, ZohoAccounts zoho, TechnicianKeys keys, TokenMemory memory, TimeProvider clock, ILogger<TokenBroker> logger)
    : IDisposable
{
    /// <summary>Renewed in the background this long before it ends.</summary>
    public static readonly TimeSpan Ahead = TimeSpan.FromMinutes(5);

    // Below this a token could end on the way; callers wait for the next one.
    private static readonly TimeSpan Remaining = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RefreshTimeout = TimeSpan.FromSeconds(30), FirstPause = TimeSpan.FromSeconds(2);

    // What never reached Zoho does not count there, so it may be tried more often.
    private static readonly TimeSpan LastPause = TimeSpan.FromMinutes(2), LastPauseUnsent = TimeSpan.FromSeconds(30);

    // So long a rotation keeps calls waiting that the token before can still make.
    private static readonly TimeSpan BridgeAfter = TimeSpan.FromSeconds(5);

    // Who revokes one credential and stores the next is not always fast enough for calls under way.
    private static readonly TimeSpan SuccessorPatience = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Rejections _rejections = new(clock);
    private Task<AccessToken>? _refresh;
    private string? _refreshVersion;
    private TimeSpan _pause = FirstPause;
    private string? _workedVersion;
    private AccessToken? _last;
    private (string Version, TimeSpan At)? _death;

    /// <summary>True for a moment after a credential that worked was refused: another one is expected, and calls wait for it.</summary>
    public bool AwaitsSuccessor => credentials.Current is { } credential && SuccessorWait(credential) > TimeSpan.Zero;

    /// <summary>How the token stands, when it ends, and why there is none or what is wrong though there is one.</summary>
    public (TokenState State, DateTimeOffset? Expires, string? Problem) Status
    {
        get
        {
            lock (_lock)
            {
                if (credentials.Current is not { } credential) return (TokenState.None, null, null);
                if (_rejections.Of(credential) is { } rejected) return (rejected.State, null, rejected.Message);
                if (Usable(credential) is { } token) return (TokenState.Valid, End(token), memory.Problem);
                var failure = memory.FailureOf(credential);
                if (Bridge(credential) is not { } bridge) return failure is null ? (TokenState.None, null, null) : (failure.State, null, failure.Message);
                return (TokenState.Valid, End(bridge), failure is null ? null : $"{failure.Message} Until it ends, calls are made with the token of the credential before.");
            }
        }
    }

    /// <summary>
    /// A token for the current credential; where none can be had after a rotation, the one before for the same technician.
    /// </summary>
    /// <exception cref="TokenException">There is none.</exception>
    public Task<AccessToken> GetAsync(CancellationToken cancellationToken) => ForCurrentAsync(null, cancellationToken);

    /// <summary>A token other than one that was not accepted. Callers who come with the same rejected token share one refresh.</summary>
    /// <exception cref="TokenException">There is none.</exception>
    public Task<AccessToken> RenewAsync(AccessToken rejected, CancellationToken cancellationToken) => ForCurrentAsync(rejected, cancellationToken);

    /// <summary>Tells that a token just renewed is not accepted anywhere either. For a while nobody gets one.</summary>
    public void Reject(AccessToken token)
    {
        lock (_lock)
        {
            // Callers who shared the token all say so; one that was overtaken by a rotation says nothing about the new one.
            if (IsCurrent(token.Credential) && _rejections.Of(token.Credential) is null) LogRejected(_rejections.Add(token.Credential));
        }
    }

    /// <summary>Renews ahead of expiry if that is due; a failure leaves the present token in use.</summary>
    public async Task RenewAheadAsync(CancellationToken cancellationToken)
    {
        Task<AccessToken> refresh;
        lock (_lock)
        {
            if (credentials.Current is not { } credential) return;
            if (memory.TokenOf(credential) is { } token && clock.SinceBoot() < RenewTime(token)) return;
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
            AccessToken? bridge;
            lock (_lock)
            {
                if (_rejections.Of(credential) is { } rejection) throw rejection;
                if (rejected is not null)
                {
                    memory.Drop(rejected);
                    if (_last == rejected) _last = null;
                }

                if (Usable(credential) is { } token) return _last = token;
                refresh = Refresh(credential);
                bridge = Bridge(credential);
            }

            try
            {
                var token = await refresh.WaitAsync(bridge is null ? Timeout.InfiniteTimeSpan : BridgeAfter, clock, cancellationToken);
                // Also one that lives only for moments: another request would bring no better one.
                if (IsCurrent(credential) && token != rejected) return _last = token;
            }
            catch (TimeoutException) when (bridge is not null)
            {
                return bridge;
            }
            catch (TokenException failure)
            {
                // A refusal is final for this credential. Perhaps there is another one already.
                if (failure.State == TokenState.Refused) await WaitForSuccessorAsync(credential, cancellationToken);
                if (!IsCurrent(credential)) continue;
                if (bridge is not null) return bridge;
                throw;
            }
        }
    }

    private async Task WaitForSuccessorAsync(Credential refused, CancellationToken cancellationToken)
    {
        await credentials.RefreshAsync(force: false, cancellationToken);
        var change = credentials.NextChange;
        if (IsCurrent(refused) && SuccessorWait(refused) is { Ticks: > 0 } wait)
            await change.WaitAsync(wait, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private TimeSpan SuccessorWait(Credential refused)
    {
        lock (_lock)
            return _death is { } death && death.Version == refused.Version ? death.At + SuccessorPatience - clock.SinceBoot() : TimeSpan.Zero;
    }

    private bool IsCurrent(Credential credential) => credentials.Current?.Version == credential.Version;

    // A token that lives shorter than usual is renewed at half its life, not again and again.
    private static TimeSpan RenewTime(AccessToken token) =>
        token.Expires - (token.Expires - token.Asked > Ahead * 2 ? Ahead : (token.Expires - token.Asked) / 2);

    private DateTimeOffset? End(AccessToken token) => token.KeyHeader is null ? clock.GetUtcNow() + (token.Expires - clock.SinceBoot()) : null;

    private AccessToken? Usable(Credential credential) =>
        memory.TokenOf(credential) is { } token && token.Expires - clock.SinceBoot() > Remaining ? token : null;

    // A new grant of the same technician, for which Zoho gives no token: calls that the one before can still make do not fail.
    private AccessToken? Bridge(Credential credential) =>
        _last is { } token && token.Credential.ActsAs(credential) && token.Expires - clock.SinceBoot() > Remaining ? token : null;

    // Called under the lock. The refresh is nobody's: a caller who gives up does not end it for the others.
    private Task<AccessToken> Refresh(Credential credential)
    {
        if (_refresh is { IsCompleted: false } && _refreshVersion == credential.Version) return _refresh;
        var now = clock.SinceBoot();
        if (memory.FailureOf(credential) is { } failure && (failure.State == TokenState.Refused || now < failure.Until))
        {
            return Task.FromException<AccessToken>(
                new TokenException(failure.State, failure.Message, failure.State == TokenState.Refused ? null : failure.Until - now));
        }

        // The budget is Zoho's.
        if (credential is CloudCredential && memory.Take(credential) is { } tooMany)
        {
            Fail(credential, tooMany);
            return Task.FromException<AccessToken>(tooMany);
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
                if (IsCurrent(credential))
                {
                    memory.Keep(token);
                    (_pause, _workedVersion) = (FirstPause, credential.Version);
                }
            }

            BrokerMetrics.TokenRequest(BrokerMetrics.Ok);
            if (token.KeyHeader is null) LogRenewed(credential.Version, token.Expires - token.Asked);
            return token;
        }
        catch (Exception exception)
        {
            var failure = exception as TokenException
                ?? new TokenException(TokenState.Unreachable, $"No token could be had ({exception.GetType().Name}).", inner: exception);
            lock (_lock)
            {
                if (!failure.WasSent) memory.GiveBack(credential);
                // Of a request that was given up because the broker ends, nothing is known.
                if (IsCurrent(credential) && !_stopping.IsCancellationRequested) Fail(credential, failure);
            }

            BrokerMetrics.TokenRequest(failure.State.ToString());
            LogFailed(failure.State, failure.Message);
            throw failure;
        }
    }

    // Called under the lock.
    private void Fail(Credential credential, TokenException failure)
    {
        // Whatever a server says, Zoho's own pause is the longest that makes sense.
        var wait = failure.RetryAfter ?? _pause;
        memory.Fail(credential, failure, wait < TokenMemory.Window ? wait : TokenMemory.Window);
        if (failure.State == TokenState.Refused && _workedVersion == credential.Version) _death = (credential.Version, clock.SinceBoot());
        var longest = failure.WasSent && credential is CloudCredential ? LastPause : LastPauseUnsent;
        if (failure.State == TokenState.Unreachable) _pause = TimeSpan.FromTicks(Math.Min(_pause.Ticks * 2, longest.Ticks));
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Access token renewed for credential version {Version}, good for {Life}")]
    private partial void LogRenewed(string version, TimeSpan life);

    [LoggerMessage(Level = LogLevel.Warning, Message = "No access token ({State}): {Problem}")]
    private partial void LogFailed(TokenState state, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "ServiceDesk Plus does not accept a new access token either; no call is made for {Pause}")]
    private partial void LogRejected(TimeSpan pause);
}

using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Sidecar.Broker.Credentials;
using Sidecar.Broker.Tokens;

namespace Sidecar.Tests.Unit.Broker;

/// <summary>
/// A clock as a machine has it: the time of day can be set wrong, and the time since the start begins anew with the machine.
/// <paramref name="truth"/> is what really passes, and what Zoho goes by.
/// </summary>
internal sealed class MachineClock(FakeTimeProvider truth) : TimeProvider
{
    private long _booted = truth.GetTimestamp();

    public TimeSpan WallError { get; set; }

    public override long TimestampFrequency => truth.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => truth.GetUtcNow() + WallError;

    public override long GetTimestamp() => truth.GetTimestamp() - _booted;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => truth.CreateTimer(callback, state, dueTime, period);

    public void Boot() => _booted = truth.GetTimestamp();
}

/// <summary>Token brokers one after the other on one machine, with one file.</summary>
internal sealed class RestartRig : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sidecar-");
    private int _boots, _tokens;

    public RestartRig(Func<Sent, CancellationToken, Task<HttpResponseMessage>>? zoho = null)
    {
        Clock = new MachineClock(Truth);
        Zoho = new Wire(zoho ?? ((_, _) => Task.FromResult(NewToken())));
        Path = System.IO.Path.Combine(_folder.FullName, "token.json");
        Start();
    }

    public FakeTimeProvider Truth { get; } = new(new DateTimeOffset(2026, 7, 1, 9, 0, 0, TimeSpan.Zero));

    public MachineClock Clock { get; }

    public Wire Zoho { get; }

    public string Path { get; }

    public HeldCredential Source { get; } = new(HeldCredential.Version("v1"));

    public CredentialStore Store { get; private set; } = null!;

    public TokenBroker Tokens { get; private set; } = null!;

    public HttpResponseMessage NewToken(int seconds = 3600) =>
        Wire.Json($$"""{"access_token":"hush-token-{{Interlocked.Increment(ref _tokens)}}","expires_in":{{seconds}}}""");

    /// <summary>Ends the broker, whatever it does at the moment, and starts another one.</summary>
    public void Restart()
    {
        Tokens.Dispose();
        Start();
    }

    /// <summary>The same with the machine: its time begins anew.</summary>
    public void Reboot()
    {
        _boots++;
        Clock.Boot();
        Restart();
    }

    /// <summary>From now on the file cannot be written. What is in it can be read.</summary>
    public void BreakVolume() => Directory.CreateDirectory(Path + ".new");

    public void MendVolume() => Directory.Delete(Path + ".new");

    public void Dispose()
    {
        Tokens.Dispose();
        Store.Dispose();
        _folder.Delete(recursive: true);
    }

    private void Start()
    {
        Store = new CredentialStore(Source, Clock, NullLogger<CredentialStore>.Instance);
        Store.RefreshAsync(force: true, CancellationToken.None).GetAwaiter().GetResult();
        var memory = new TokenMemory(new TokenFile(Path, $"boot-{_boots}"), Clock, NullLogger<TokenMemory>.Instance);
        Tokens = new TokenBroker(Store, new ZohoAccounts(Zoho, Clock), new TechnicianKeys(Zoho, Clock, NullLogger<TechnicianKeys>.Instance), memory, Clock, NullLogger<TokenBroker>.Instance);
    }
}

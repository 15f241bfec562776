using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Sidecar.Broker.Credentials;
using Sidecar.Contract;
using Xunit;

namespace Sidecar.Tests.Unit.Broker;

public sealed class CredentialWatcherTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly ScriptedSource _source = new();
    private readonly CredentialStore _store;
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<TimeSpan> _reads = [];
    private readonly long _start;

    public CredentialWatcherTests()
    {
        _store = new CredentialStore(_source, _clock, NullLogger<CredentialStore>.Instance);
        _start = _clock.GetTimestamp();
        _source.Reading = () => _reads.Add(_clock.GetElapsedTime(_start));
    }

    private IEnumerable<double> Pauses => _reads.Zip(_reads.Skip(1), (one, next) => (next - one).TotalSeconds);

    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
        _store.Dispose();
    }

    [Fact]
    public void A_start_that_fails_is_tried_again_within_1_2_4_8_16_seconds_spread_over_the_whole_time()
    {
        _source.Failure = new CredentialException(CredentialState.Throttled, "Too many.");
        Watch(new AtMost(), TimeSpan.FromMinutes(2));
        Pauses.Take(7).ShouldBe([1, 2, 4, 8, 16, 16, 16]);

        var many = Enumerable.Range(0, 300).Select(seed => FirstPause(new Random(seed))).ToList();
        foreach (var tenth in Enumerable.Range(0, 10)) many.Count(pause => (int)(pause * 10) == tenth).ShouldBeInRange(10, 60);
    }

    [Theory]
    [InlineData(0.0, 7)]
    [InlineData(0.5, 7)]
    [InlineData(1.0, 7)]
    public void It_never_asks_earlier_than_the_vault_allows(double jitter, int seconds)
    {
        _source.Failure = new CredentialException(CredentialState.Throttled, "Too many.", TimeSpan.FromSeconds(seconds));
        Watch(new AtMost(jitter), TimeSpan.FromMinutes(3));
        Pauses.ShouldNotBeEmpty();
        Pauses.ShouldAllBe(pause => pause >= seconds);
        Pauses.ShouldAllBe(pause => pause <= seconds + 16.5);
    }

    [Fact]
    public async Task A_pause_told_to_a_failed_call_is_kept_at_the_interval_too()
    {
        Watch(new AtMost(0.5), TimeSpan.FromSeconds(290));
        _source.Failure = new CredentialException(CredentialState.Throttled, "Too many.", TimeSpan.FromSeconds(60));
        await _store.RefreshAsync(force: false, TestContext.Current.CancellationToken);
        Advance(TimeSpan.FromSeconds(59));
        _reads.Count.ShouldBe(2, "the interval ended within the pause");
        Advance(TimeSpan.FromMinutes(6));
        _reads.Count.ShouldBeGreaterThan(2);
    }

    [Fact]
    public void A_credential_that_is_there_is_read_again_at_the_jittered_interval()
    {
        Watch(new Random(7), TimeSpan.FromHours(10));
        Pauses.Count().ShouldBeInRange(110, 130);
        Pauses.ShouldAllBe(pause => pause >= 240 && pause <= 361);
        Pauses.Max().ShouldBeGreaterThan(345);
        Pauses.Min().ShouldBeLessThan(255);
    }

    [Fact]
    public void With_a_credential_in_use_retries_slow_down_to_the_interval()
    {
        Watch(new AtMost(), TimeSpan.FromSeconds(1));
        _source.Failure = new CredentialException(CredentialState.Unreachable, "It is away.");
        Advance(TimeSpan.FromHours(1));
        Pauses.Skip(1).Take(10).ShouldBe([1, 2, 4, 8, 16, 32, 64, 128, 256, 300]);
    }

    [Fact]
    public void After_an_outage_the_interval_is_back_and_the_next_outage_begins_anew()
    {
        _source.Failure = new CredentialException(CredentialState.Unreachable, "It is away.");
        Watch(new AtMost(), TimeSpan.FromSeconds(10));
        _source.Failure = null;
        Advance(TimeSpan.FromSeconds(30));
        _reads.Clear();
        Advance(TimeSpan.FromSeconds(361));
        _source.Failure = new CredentialException(CredentialState.Unreachable, "It is away.");
        Advance(TimeSpan.FromSeconds(364));
        Pauses.Take(3).ShouldBe([360, 1, 2]);
    }

    [Fact]
    public void A_file_is_read_every_second()
    {
        Watch(new Random(7), TimeSpan.FromMinutes(1), new CredentialOptions { Source = CredentialSourceKind.File });
        Pauses.ShouldAllBe(pause => pause <= 1.25);
    }

    private void Watch(Random random, TimeSpan time, CredentialOptions? options = null)
    {
        _ = new CredentialWatcher(_store, Options.Create(options ?? new CredentialOptions()), _clock, random).RunAsync(_stopping.Token);
        Advance(time);
    }

    // Waits end within Advance, and all that follows them runs there too.
    private void Advance(TimeSpan time)
    {
        for (var end = _clock.GetUtcNow() + time; _clock.GetUtcNow() < end;) _clock.Advance(TimeSpan.FromMilliseconds(250));
    }

    private static double FirstPause(Random random)
    {
        var (clock, source) = (new FakeTimeProvider(), new ScriptedSource { Failure = new CredentialException(CredentialState.Throttled, "Too many.") });
        var start = clock.GetTimestamp();
        var reads = new List<double>();
        source.Reading = () => reads.Add(clock.GetElapsedTime(start).TotalSeconds);
        using var store = new CredentialStore(source, clock, NullLogger<CredentialStore>.Instance);
        using var stopping = new CancellationTokenSource();
        _ = new CredentialWatcher(store, Options.Create(new CredentialOptions()), clock, random).RunAsync(stopping.Token);
        while (reads.Count < 2) clock.Advance(TimeSpan.FromMilliseconds(1));
        stopping.Cancel();
        return reads[1];
    }

    /// <summary>Always the same part of what jitter may take; by default all of it.</summary>
    private sealed class AtMost(double part = 1) : Random
    {
        public override double NextDouble() => part;
    }
}

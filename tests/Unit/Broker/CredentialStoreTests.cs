using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Sidecar.Broker.Credentials;
using Sidecar.Contract;
using Xunit;

namespace Sidecar.Tests.Unit.Broker;

public sealed class CredentialStoreTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 7, 1, 9, 0, 0, TimeSpan.Zero));
    private readonly ScriptedSource _source = new();
    private readonly NotedLines<CredentialStore> _log = new();
    private readonly CredentialStore _store;

    public CredentialStoreTests() => _store = new CredentialStore(_source, _clock, _log);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task Before_the_first_reading_there_is_none_yet()
    {
        (_store.Status.State, _store.Problem).ShouldBe((CredentialState.NoneYet, "The credential was not read yet."));
        var waiting = _store.RequireAsync(Cancel);
        waiting.IsCompleted.ShouldBeFalse("who comes early waits for it");
        await _store.RefreshAsync(force: true, Cancel);
        (await waiting).Version.ShouldBe("v1");
        (_store.Status.State, _store.Problem, _store.Status.ReadTime).ShouldBe((CredentialState.Ok, null, _clock.GetUtcNow()));
    }

    [Theory]
    [InlineData(CredentialState.Unreachable)]
    [InlineData(CredentialState.Throttled)]
    [InlineData(CredentialState.Denied)]
    public async Task A_source_that_cannot_be_read_leaves_the_credential_in_use_and_tells_its_age(CredentialState state)
    {
        await _store.RefreshAsync(force: true, Cancel);
        _source.Failure = new CredentialException(state, "It is away.");
        _clock.Advance(TimeSpan.FromMinutes(12));
        (await _store.RefreshAsync(force: true, Cancel)).ShouldBeFalse();
        (await _store.RequireAsync(Cancel)).Version.ShouldBe("v1");
        _store.Status.State.ShouldBe(CredentialState.Stale);
        _store.Problem.ShouldBe("It is away. The credential that was read 12 minutes ago stays in use.");
        _store.Status.ReadTime.ShouldBe(_clock.GetUtcNow() - TimeSpan.FromMinutes(12));
    }

    [Theory]
    [InlineData(CredentialState.Malformed)]
    [InlineData(CredentialState.TooLarge)]
    [InlineData(CredentialState.WrongKind)]
    public async Task A_bad_new_version_leaves_the_good_one_in_use_and_is_told(CredentialState state)
    {
        await _store.RefreshAsync(force: true, Cancel);
        _source.Failure = new CredentialException(state, "It is bad.");
        await _store.RefreshAsync(force: true, Cancel);
        (_store.Current?.Version, _store.Status.State).ShouldBe(("v1", state));
        _log.Warnings.ShouldHaveSingleItem().ShouldContain("It is bad.");
    }

    [Theory]
    [InlineData(CredentialState.Disabled, CredentialState.Disabled)]
    [InlineData(CredentialState.Missing, CredentialState.Deleted)]
    public async Task A_source_that_says_the_user_is_out_ends_service_and_gives_it_back(CredentialState said, CredentialState state)
    {
        await _store.RefreshAsync(force: true, Cancel);
        var change = _store.NextChange;
        _source.Failure = new CredentialException(said, "It is out.");
        (await _store.RefreshAsync(force: true, Cancel)).ShouldBeTrue();
        change.IsCompleted.ShouldBeTrue();
        var failure = await Should.ThrowAsync<CredentialException>(async () => await _store.RequireAsync(Cancel));
        (failure.State, failure.Message).ShouldBe((state, "It is out."));
        await _store.RefreshAsync(force: true, Cancel);
        _store.Status.State.ShouldBe(state, "still");
        _log.Warnings.ShouldHaveSingleItem().ShouldContain("out of use");

        _source.Failure = new CredentialException(CredentialState.Unreachable, "It is away.");
        await _store.RefreshAsync(force: true, Cancel);
        _store.Current.ShouldBeNull("an outage does not give back what was taken");
        _source.Failure = null;
        await _store.RefreshAsync(force: true, Cancel);
        (_store.Current?.Version, _store.Status.State).ShouldBe(("v1", CredentialState.Ok));
    }

    [Fact]
    public async Task A_secret_that_was_never_there_is_missing_and_not_deleted()
    {
        _source.Failure = new CredentialException(CredentialState.Missing, "There is none.");
        await _store.RefreshAsync(force: true, Cancel);
        _store.Status.State.ShouldBe(CredentialState.Missing);
    }

    [Fact]
    public async Task A_failed_call_makes_it_read_at_once_however_short_ago_the_last_reading_was()
    {
        await _store.RefreshAsync(force: true, Cancel);
        _clock.Advance(TimeSpan.FromSeconds(3));
        _source.Version = "v2";
        (await _store.RefreshAsync(force: false, Cancel)).ShouldBeTrue();
        _store.Current!.Version.ShouldBe("v2");
        _clock.Advance(TimeSpan.FromSeconds(1));
        _source.Version = "v3";
        (await _store.RefreshAsync(force: false, Cancel)).ShouldBeTrue("and a second time");
    }

    [Fact]
    public async Task Failing_calls_without_end_read_twice_and_then_every_fifteen_seconds()
    {
        await _store.RefreshAsync(force: true, Cancel);
        for (var second = 0; second < 150; second++)
        {
            await _store.RefreshAsync(force: false, Cancel);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        _source.Reads.ShouldBeInRange(11, 12);
    }

    [Fact]
    public async Task Calls_that_fail_together_share_one_reading()
    {
        await _store.RefreshAsync(force: true, Cancel);
        var gate = _source.Gate = new TaskCompletionSource();
        var first = _store.RefreshAsync(force: false, Cancel);
        var others = Enumerable.Range(0, 50).Select(_ => _store.RefreshAsync(force: false, Cancel)).ToList();
        _source.Version = "v2";
        _source.Gate = null;
        gate.SetResult();
        await first;
        await Task.WhenAll(others);
        _store.Current!.Version.ShouldBe("v2");
        _source.Reads.ShouldBe(3, "the first, the one of the first that failed, and one for those who came while it was under way");
    }

    [Fact]
    public async Task A_caller_who_leaves_does_not_take_the_reading_of_the_others_along()
    {
        await _store.RefreshAsync(force: true, Cancel);
        _source.Gate = new TaskCompletionSource();
        using var leaving = new CancellationTokenSource();
        var first = _store.RefreshAsync(force: false, leaving.Token);
        var second = _store.RefreshAsync(force: false, Cancel);
        _source.Gate = null;
        _source.Version = "v2";
        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => first);
        (await second).ShouldBeTrue();
        _store.Problem.ShouldBeNull();
    }

    [Fact]
    public async Task No_call_waits_long_for_a_source_that_hangs()
    {
        await _store.RefreshAsync(force: true, Cancel);
        _source.Gate = new TaskCompletionSource();
        var (reading, waiting) = (_store.RefreshAsync(force: false, Cancel), _store.RefreshAsync(force: false, Cancel));
        _clock.Advance(TimeSpan.FromSeconds(5));
        (await reading).ShouldBeFalse();
        (await waiting).ShouldBeFalse();
        (_store.Current?.Version, _store.Status.State).ShouldBe(("v1", CredentialState.Stale));
    }

    [Fact]
    public async Task A_source_that_asked_for_a_pause_is_not_asked_for_failing_calls()
    {
        await _store.RefreshAsync(force: true, Cancel);
        _source.Failure = new CredentialException(CredentialState.Throttled, "Too many.", TimeSpan.FromSeconds(40));
        await _store.RefreshAsync(force: false, Cancel);
        _store.Wait.ShouldBe(TimeSpan.FromSeconds(40));
        _clock.Advance(TimeSpan.FromSeconds(39));
        await _store.RefreshAsync(force: false, Cancel);
        _source.Reads.ShouldBe(2);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await _store.RefreshAsync(force: false, Cancel);
        _source.Reads.ShouldBe(3);
    }

    [Fact]
    public async Task Without_a_credential_a_pause_is_told_to_callers()
    {
        _source.Failure = new CredentialException(CredentialState.Throttled, "Too many.", TimeSpan.FromSeconds(40));
        await _store.RefreshAsync(force: true, Cancel);
        _clock.Advance(TimeSpan.FromSeconds(30));
        var failure = await Should.ThrowAsync<CredentialException>(async () => await _store.RequireAsync(Cancel));
        (failure.State, failure.RetryAfter).ShouldBe((CredentialState.Throttled, TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task An_outage_is_logged_when_it_begins_and_then_once_an_hour_with_the_age()
    {
        await _store.RefreshAsync(force: true, Cancel);
        for (var minute = 5; minute <= 150; minute += 5)
        {
            _clock.Advance(TimeSpan.FromMinutes(5));
            _source.Failure = new CredentialException(CredentialState.Unreachable, $"It answered {500 + (minute % 10)}.");
            await _store.RefreshAsync(force: true, Cancel);
        }

        _log.Warnings.Count().ShouldBe(3);
        _log.Warnings.Last().ShouldContain("read 2 hours ago");
        _source.Failure = null;
        await _store.RefreshAsync(force: true, Cancel);
        _log.Lines.Last().ShouldContain("answers again");
    }

    [Fact]
    public async Task What_the_source_throws_is_named_and_not_quoted()
    {
        _source.Failure = new InvalidOperationException("hush");
        await _store.RefreshAsync(force: true, Cancel);
        _store.Status.State.ShouldBe(CredentialState.Unreachable);
        _store.Problem.ShouldBe("The credential could not be read (InvalidOperationException).");
        _log.Lines.ShouldAllBe(line => !line.Contains("hush"));
    }
}

using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Sidecar.Shim.Access.Entra;
using Xunit;

namespace Sidecar.Tests.Unit.Shim.Entra;

/// <summary>When Entra's keys are read, and which serve meanwhile.</summary>
public sealed class EntraKeysTests : IDisposable
{
    private static readonly EntraSettings Settings = new()
    {
        TenantId = Guid.NewGuid(),
        Audience = Guid.NewGuid(),
        Owner = Owner.Parse(EntraStage.Ada)!,
        Authority = new Uri("https://login.example"),
        Scope = "api://x/y",
        ResourceUrl = null,
    };

    private readonly FakeTimeProvider _clock = new();
    private readonly TenantScript _tenant = new(Settings.Issuer);
    private readonly KeySource _source;
    private readonly EntraKeys _keys;

    public EntraKeysTests()
    {
        _source = new KeySource(Settings, _tenant);
        _keys = new EntraKeys(_source, _clock, NullLogger<EntraKeys>.Instance);
    }

    public void Dispose() => _source.Dispose();

    [Fact]
    public async Task They_are_read_once_and_kept()
    {
        for (var i = 0; i < 5; i++) (await FindAsync("one")).ShouldBeNull();
        _tenant.Readings.ShouldBe(1);
    }

    [Fact]
    public async Task Callers_who_come_while_they_are_read_wait_for_the_one_reading()
    {
        var go = new TaskCompletionSource();
        _tenant.Hold = go.Task;
        var callers = Enumerable.Range(0, 100).Select(index => FindAsync(index % 2 == 0 ? "one" : $"made up {index}")).ToList();
        go.SetResult();
        var answers = await Task.WhenAll(callers);
        answers.Where((_, index) => index % 2 == 0).ShouldAllBe(refusal => refusal == null);
        answers.Where((_, index) => index % 2 == 1).ShouldAllBe(refusal => refusal == Refusal.UnknownKey);
        _tenant.Readings.ShouldBeLessThanOrEqualTo(2);
    }

    [Fact]
    public async Task A_key_that_is_rolled_in_opens_at_once_and_the_one_before_still_does()
    {
        await FindAsync("one");
        _tenant.KeyIds.Add("two");
        (await FindAsync("two")).ShouldBeNull();
        (await FindAsync("one")).ShouldBeNull();
        _tenant.Readings.ShouldBe(2);
    }

    [Fact]
    public async Task Made_up_keys_cause_one_reading_in_five_minutes_however_many_they_are()
    {
        await FindAsync("one");
        for (var second = 0; second < 900; second++)
        {
            (await FindAsync($"{Guid.NewGuid()}")).ShouldBe(Refusal.UnknownKey);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        _tenant.Readings.ShouldBe(1 + 3);
    }

    [Fact]
    public async Task When_Entra_is_away_the_keys_read_last_serve_and_what_they_do_not_fit_is_told_to_wait()
    {
        await FindAsync("one");
        _tenant.Away = true;
        _clock.Advance(TimeSpan.FromDays(2));
        (await FindAsync("one")).ShouldBeNull();
        await _keys.StartReading();
        (await FindAsync("one")).ShouldBeNull();
        (await FindAsync("two")).ShouldBe(Refusal.NoKeys);
    }

    [Fact]
    public async Task A_reading_that_failed_is_repeated_after_a_quarter_of_a_minute_and_not_before()
    {
        _tenant.Away = true;
        for (var i = 0; i < 20; i++) (await FindAsync("one")).ShouldBe(Refusal.NoKeys);
        _tenant.Readings.ShouldBe(1);
        _tenant.Away = false;
        (await FindAsync("one")).ShouldBe(Refusal.NoKeys);
        _clock.Advance(EntraKeys.PauseAfterFailure);
        (await FindAsync("one")).ShouldBeNull();
        _tenant.Readings.ShouldBe(2);
    }

    [Fact]
    public async Task Old_keys_are_read_again_while_they_serve_and_one_that_was_taken_back_ends()
    {
        _tenant.KeyIds.Add("two");
        await FindAsync("two");
        _tenant.KeyIds.Remove("two");
        _clock.Advance(EntraKeys.Old - TimeSpan.FromSeconds(1));
        (await FindAsync("two")).ShouldBeNull();
        _tenant.Readings.ShouldBe(1);

        _clock.Advance(TimeSpan.FromSeconds(2));
        (await FindAsync("two")).ShouldBeNull("it serves until the others are there");
        await _keys.StartReading();
        (await FindAsync("two")).ShouldBe(Refusal.UnknownKey);
    }

    [Fact]
    public async Task An_answer_without_keys_takes_none_away()
    {
        await FindAsync("one");
        _tenant.KeyIds.Clear();
        _clock.Advance(EntraKeys.Old * 2);
        await _keys.StartReading();
        (await FindAsync("one")).ShouldBeNull();
    }

    [Fact]
    public async Task Whoever_goes_away_ends_the_reading_for_nobody_else()
    {
        var go = new TaskCompletionSource();
        _tenant.Hold = go.Task;
        using var left = new CancellationTokenSource();
        var impatient = _keys.FindAsync("one", left.Token).AsTask();
        var patient = FindAsync("one");
        await left.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => impatient);
        go.SetResult();
        (await patient).ShouldBeNull();
    }

    private async Task<Refusal?> FindAsync(string id) => (await _keys.FindAsync(id, TestContext.Current.CancellationToken)).Refusal;
}

using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Sidecar.Broker.Sdp;
using Xunit;

namespace Sidecar.Tests.Unit.Broker;

public class TurnstileTests
{
    // Nothing here takes time; whoever is never called is to fail, not to hang.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _clock = new();
    private readonly Turnstile _turnstile;

    public TurnstileTests() => _turnstile = new Turnstile(_clock);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_caller_with_many_calls_does_not_keep_another_waiting()
    {
        var turns = await FillAsync();
        var flood = Enumerable.Range(0, 100).Select(_ => Enter("flood")).ToList();
        var other = Enumerable.Range(0, 3).Select(_ => Enter("other")).ToList();
        for (var i = 0; i < 6; i++) turns[i].Dispose();
        await Task.WhenAll(other).WaitAsync(Patience, Cancel);
        (await Called(flood, 3)).ShouldBe(3);
    }

    [Fact]
    public async Task Each_caller_gets_its_turns_in_the_order_it_asked()
    {
        var turns = await FillAsync();
        var waiting = Enumerable.Range(0, 3).Select(_ => Enter("ada")).ToList();
        foreach (var next in waiting)
        {
            waiting.Count(one => one.IsCompleted).ShouldBe(waiting.IndexOf(next));
            turns[waiting.IndexOf(next)].Dispose();
            await next.WaitAsync(Patience, Cancel);
        }
    }

    [Fact]
    public async Task Waiting_is_bounded_for_one_caller_and_for_all_and_whoever_is_turned_away_is_told_the_wait()
    {
        await FillAsync();
        for (var i = 0; i < Turnstile.MaxWaitingOfOne; i++) _ = Enter("flood");
        var refused = await Should.ThrowAsync<SdpException>(() => Enter("flood"));
        refused.Failure.ShouldBe(SdpFailure.Busy);
        refused.RetryAfter.ShouldNotBeNull().ShouldBeInRange(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(15), "100 calls of a second each, eight at once");
        for (var i = Turnstile.MaxWaitingOfOne; i < Turnstile.MaxWaiting; i++) _ = Enter($"caller {i}");
        (await Should.ThrowAsync<SdpException>(() => Enter("one more"))).Message.ShouldContain("200");
    }

    [Fact]
    public async Task What_finds_out_about_a_write_comes_first_and_is_never_turned_away()
    {
        var turns = await FillAsync();
        for (var i = 0; i < Turnstile.MaxWaiting; i++) _ = Enter($"caller {i}");
        var followUp = _turnstile.EnterAsync(new Errand("ada", DateTime.MaxValue, _clock) { HasWritten = true }, Cancel);
        turns[0].Dispose();
        await followUp.WaitAsync(Patience, Cancel);
    }

    [Fact]
    public async Task Who_leaves_makes_room_and_takes_no_turn()
    {
        var turns = await FillAsync();
        using var leaving = new CancellationTokenSource();
        var left = Enumerable.Range(0, Turnstile.MaxWaitingOfOne).Select(_ => _turnstile.EnterAsync(new Errand("ada", DateTime.MaxValue, _clock), leaving.Token)).ToList();
        await leaving.CancelAsync();
        foreach (var one in left) await Should.ThrowAsync<OperationCanceledException>(() => one);
        var stayed = Enter("ada");
        turns[0].Dispose();
        await stayed.WaitAsync(Patience, Cancel);
        foreach (var turn in turns) turn.Dispose();
        (await stayed).Dispose();
        await FillAsync();
        Enter("ada").IsCompleted.ShouldBeFalse("eight turns and no more");
    }

    [Fact]
    public async Task Who_cannot_wait_as_long_is_told_in_time()
    {
        await FillAsync();
        var waiting = _turnstile.EnterAsync(new Errand("ada", _clock.GetUtcNow().UtcDateTime.AddSeconds(3), _clock), Cancel);
        _clock.Advance(TimeSpan.FromSeconds(2));
        waiting.IsCompleted.ShouldBeFalse();
        _clock.Advance(TimeSpan.FromSeconds(1));
        (await Should.ThrowAsync<SdpException>(() => waiting)).Failure.ShouldBe(SdpFailure.Busy);
    }

    private Task<IDisposable> Enter(string caller) => _turnstile.EnterAsync(new Errand(caller, DateTime.MaxValue, _clock), Cancel);

    private async Task<List<IDisposable>> FillAsync()
    {
        var turns = new List<IDisposable>();
        for (var i = 0; i < Turnstile.AtOnce; i++) turns.Add(await Enter("first"));
        return turns;
    }

    // Those called continue on the pool.
    private static async Task<int> Called(List<Task<IDisposable>> waiting, int expected)
    {
        while (waiting.Count(one => one.IsCompleted) < expected) await Task.Delay(1, Cancel);
        return waiting.Count(one => one.IsCompleted);
    }
}

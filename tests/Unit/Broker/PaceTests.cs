using System.Text.Json;
using Shouldly;
using Sidecar.Broker.Operations;
using Sidecar.Broker.Sdp;
using Sidecar.Contract;
using Xunit;

namespace Sidecar.Tests.Unit.Broker;

public class PaceTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(500);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_is_held_back_before_the_instance_has_refused_anything()
    {
        using var rig = new Rig();
        for (var i = 0; i < 500; i++) await ReadAsync(rig, i);
        rig.Sdp.Calls.Count.ShouldBe(500);
        rig.Pace.Learned(Api(rig)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(429, null, 300)]
    [InlineData(400, null, 300)]
    [InlineData(429, 120, 120)]
    [InlineData(400, 45, 45)]
    public async Task While_a_lock_lasts_no_call_of_its_kind_is_sent_and_the_wait_is_told(int status, int? retryAfter, int seconds)
    {
        var isLocked = true;
        using var rig = new Rig((_, _) => Task.FromResult(isLocked ? Throttle(status, retryAfter) : Wire.Json(Rig.Ok)));
        (await Should.ThrowAsync<SdpException>(() => ReadAsync(rig, 1))).Failure.ShouldBe(SdpFailure.Throttled);
        isLocked = false;

        rig.Clock.Advance(TimeSpan.FromSeconds(20));
        foreach (var id in new[] { 1, 2 })
        {
            var held = await Should.ThrowAsync<SdpException>(() => ReadAsync(rig, id));
            (held.Failure, held.RetryAfter).ShouldBe((SdpFailure.Held, TimeSpan.FromSeconds(seconds - 20)));
            held.Message.ShouldContain("GET /requests/{id}");
            var told = Translator.Translate(held, Catalog.Current["GetRequest"]);
            (told.Code, told.Changed).ShouldBe((Grpc.Core.StatusCode.ResourceExhausted, Changed.Nothing));
            told.Message.ShouldContain("did not send");
        }

        rig.Sdp.Calls.Count.ShouldBe(1);
        // Other kinds of calls are not what the instance refused.
        await rig.Client.SendAsync(HttpMethod.Get, "/requests", [], Cancel);
        await rig.Client.SendAsync(HttpMethod.Put, "/requests/1", [], Cancel);
        rig.Pace.Learned(Api(rig)).ShouldBe([("GET /requests/{id}", null, rig.Clock.GetUtcNow().AddSeconds(seconds - 20))]);

        rig.Clock.Advance(TimeSpan.FromSeconds(seconds - 20));
        await ReadAsync(rig, 1);
        rig.Sdp.Calls.Count.ShouldBe(4);
    }

    [Fact]
    public async Task A_refusal_teaches_how_many_calls_a_minute_are_too_many()
    {
        var instance = new Limited(60);
        using var rig = new Rig(instance.AnswerAsync);
        instance.Clock = rig.Clock;
        for (var i = 0; i < 60; i++) await ReadAsync(rig, i);
        await Should.ThrowAsync<SdpException>(() => ReadAsync(rig, 60));
        rig.Clock.Advance(TimeSpan.FromMinutes(5));
        Limit(rig).ShouldBe(48);

        // An hour of a caller who asks whenever it may.
        var (sent, started) = (0, rig.Clock.GetUtcNow());
        while (rig.Clock.GetUtcNow() - started < TimeSpan.FromMinutes(60))
        {
            try
            {
                await rig.RunAsync(ReadAsync(rig, sent), Step);
                sent++;
            }
            catch (SdpException held)
            {
                held.Failure.ShouldBe(SdpFailure.Held);
                rig.Clock.Advance(held.RetryAfter!.Value);
            }
        }

        instance.Refused.ShouldBe(1);
        sent.ShouldBeGreaterThan(48 * 60);
        Limit(rig).ShouldNotBeNull().ShouldBeInRange(56, 60, "48, raised by a twentieth in each quiet quarter of an hour");
    }

    [Fact]
    public async Task A_call_that_has_to_wait_a_little_waits_and_one_whose_caller_cannot_is_told()
    {
        using var rig = await LearnedAsync(limit: 8);
        rig.Clock.Advance(TimeSpan.FromSeconds(55));
        var calls = rig.Sdp.Calls.Count;

        Errand.Current = new Errand("ada", rig.Clock.GetUtcNow().UtcDateTime.AddSeconds(3), rig.Clock);
        (await Should.ThrowAsync<SdpException>(() => rig.Client.SendAsync(HttpMethod.Put, "/requests/1", [], Cancel))).RetryAfter.ShouldBe(TimeSpan.FromSeconds(7));
        Errand.Current = new Errand("ada", rig.Clock.GetUtcNow().UtcDateTime.AddSeconds(30), rig.Clock);
        var waiting = rig.Client.SendAsync(HttpMethod.Put, "/requests/1", [], Cancel);
        rig.Clock.Advance(TimeSpan.FromSeconds(4));
        rig.Sdp.Calls.Count.ShouldBe(calls);
        await rig.RunAsync(waiting, Step);
        rig.Sdp.Calls.Count.ShouldBe(calls + 1);
    }

    [Fact]
    public async Task What_finds_out_about_a_write_waits_for_a_lock_alone()
    {
        using var rig = await LearnedAsync(limit: 8);
        var calls = rig.Sdp.Calls.Count;
        await Should.ThrowAsync<SdpException>(() => rig.Client.SendAsync(HttpMethod.Put, "/requests/1", [], Cancel));
        Errand.Current = new Errand("ada", DateTime.MaxValue, rig.Clock) { HasWritten = true };
        await rig.Client.SendAsync(HttpMethod.Put, "/requests/1", [], Cancel);
        rig.Sdp.Calls.Count.ShouldBe(calls + 1);
    }

    [Fact]
    public async Task A_lock_that_few_calls_met_is_kept_and_teaches_nothing()
    {
        var calls = 0;
        using var rig = new Rig((_, _) => Task.FromResult(++calls <= 3 ? Wire.Json(Rig.Ok) : Throttle(429, null)));
        for (var i = 0; i < 3; i++) await ReadAsync(rig, i);
        await Should.ThrowAsync<SdpException>(() => ReadAsync(rig, 3));
        var learned = rig.Pace.Learned(Api(rig)).ShouldHaveSingleItem();
        (learned.PerMinute, learned.LockedUntil).ShouldBe((null, rig.Clock.GetUtcNow().AddMinutes(5)));
    }

    [Fact]
    public async Task Calls_that_meet_one_lock_together_teach_once()
    {
        var gate = new TaskCompletionSource();
        var calls = 0;
        using var rig = new Rig(async (_, _) =>
        {
            if (Interlocked.Increment(ref calls) <= 20) return Wire.Json(Rig.Ok);
            await gate.Task;
            return Throttle(429, null);
        });
        for (var i = 0; i < 20; i++) await ReadAsync(rig, i);
        var under = Enumerable.Range(0, 3).Select(i => rig.Client.SendAsync(HttpMethod.Get, $"/requests/9{i}", null, Cancel)).ToList();
        gate.SetResult();
        foreach (var call in under) await Should.ThrowAsync<SdpException>(() => call);
        Limit(rig).ShouldNotBeNull().ShouldBeInRange(16, 18);
    }

    [Fact]
    public async Task A_short_pause_that_a_server_wants_is_kept_by_a_read_and_a_long_one_is_told()
    {
        var calls = 0;
        using var rig = new Rig((_, _) => Task.FromResult(++calls == 1 ? Pause(503, 3) : calls == 2 ? Wire.Json(Rig.Ok) : Pause(503, 60)));
        var started = rig.Clock.GetUtcNow();
        await rig.RunAsync(ReadAsync(rig, 1), Step);
        (rig.Clock.GetUtcNow() - started).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(3));
        calls.ShouldBe(2);

        (await Should.ThrowAsync<SdpException>(() => ReadAsync(rig, 1))).RetryAfter.ShouldBe(TimeSpan.FromSeconds(60));
        (await Should.ThrowAsync<SdpException>(() => ReadAsync(rig, 1))).Failure.ShouldBe(SdpFailure.Held);
        calls.ShouldBe(3);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1_000_000, 3600)]
    public async Task A_pause_of_no_time_or_of_days_is_taken_for_a_second_or_an_hour(int told, int kept)
    {
        using var rig = new Rig((_, _) => Task.FromResult(Throttle(429, told)));
        await Should.ThrowAsync<SdpException>(() => rig.Client.SendAsync(HttpMethod.Put, "/requests/1", [], Cancel));
        rig.Pace.Learned(Api(rig)).Single().LockedUntil.ShouldBe(rig.Clock.GetUtcNow().AddSeconds(kept));
    }

    [Theory]
    [InlineData("/requests/234567000000108393", "PUT /requests/{id}")]
    [InlineData("/requests/1/notes/2", "PUT /requests/{id}/notes/{id}")]
    [InlineData("/request_closure_codes", "PUT /request_closure_codes")]
    public void Calls_are_counted_by_their_path_without_the_ids(string path, string name) =>
        CallKind.Of(new Uri("https://desk.example.com"), HttpMethod.Put, path).Name.ShouldBe(name);

    [Fact]
    public void No_word_of_a_path_in_the_contract_passes_for_an_id()
    {
        foreach (var call in Catalog.Current.Operations.Select(operation => operation.Call).OfType<Call>())
        {
            var template = Sidecar.Broker.Transcoding.PathTemplate.Of(call).Template;
            foreach (var word in template.Split('/').Where(part => !part.StartsWith('{'))) word.ShouldNotContain(letter => char.IsAsciiDigit(letter));
        }
    }

    private static Task<JsonElement> ReadAsync(Rig rig, int id) => rig.Client.SendAsync(HttpMethod.Get, $"/requests/{id}", null, Cancel);

    private static Uri Api(Rig rig) => rig.Store.Current!.ApiUrl;

    private static int? Limit(Rig rig) => rig.Pace.Learned(Api(rig)).Single().PerMinute;

    // An instance whose limit was met; the calls that may be made are used up at the present moment.
    private static async Task<Rig> LearnedAsync(int limit)
    {
        var isThrottling = false;
        var rig = new Rig((_, _) => Task.FromResult(isThrottling ? Throttle(429, null) : Wire.Json(Rig.Ok)));
        for (var i = 0; i < limit * 10 / 8; i++) await rig.Client.SendAsync(HttpMethod.Put, "/requests/1", [], Cancel);
        isThrottling = true;
        await Should.ThrowAsync<SdpException>(() => rig.Client.SendAsync(HttpMethod.Put, "/requests/1", [], Cancel));
        isThrottling = false;
        Limit(rig).ShouldBe(limit);
        rig.Clock.Advance(TimeSpan.FromMinutes(5));
        for (var i = 0; i < limit; i++) await rig.Client.SendAsync(HttpMethod.Put, "/requests/1", [], Cancel);
        return rig;
    }

    private static HttpResponseMessage Throttle(int status, int? retryAfter) =>
        Pause(status, retryAfter, """{"response_status":{"status_code":4000,"messages":[{"status_code":4015}]}}""");

    private static HttpResponseMessage Pause(int status, int? retryAfter, string body = "{}")
    {
        var response = Wire.Json(body, status);
        if (retryAfter is { } seconds) response.Headers.TryAddWithoutValidation("Retry-After", $"{seconds}");
        return response;
    }

    // A sliding minute, then a lock of five.
    private sealed class Limited(int limit)
    {
        private readonly Queue<DateTimeOffset> _calls = new();
        private DateTimeOffset _lockedUntil;

        public TimeProvider Clock { get; set; } = TimeProvider.System;

        public int Refused { get; private set; }

        public Task<HttpResponseMessage> AnswerAsync(Sent sent, CancellationToken cancellationToken)
        {
            var now = Clock.GetUtcNow();
            while (_calls.TryPeek(out var first) && now - first >= TimeSpan.FromMinutes(1)) _calls.Dequeue();
            if (now >= _lockedUntil && _calls.Count < limit)
            {
                _calls.Enqueue(now);
                return Task.FromResult(Wire.Json(Rig.Ok));
            }

            if (now >= _lockedUntil) _lockedUntil = now.AddMinutes(5);
            Refused++;
            return Task.FromResult(Throttle(400, null));
        }
    }
}

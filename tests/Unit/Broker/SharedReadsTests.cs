using System.Text.Json;
using System.Text.Json.Nodes;
using Shouldly;
using Sidecar.Broker.Sdp;
using Xunit;

namespace Sidecar.Tests.Unit.Broker;

public class SharedReadsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Identical_reads_at_the_same_time_are_one_call_and_later_ones_another()
    {
        var answer = new TaskCompletionSource();
        using var rig = await ReadyAsync((_, _) => AfterAsync(answer.Task, """{"response_status":{"status_code":2000},"request":{"id":"1"}}"""));
        var reads = Enumerable.Range(0, 20).Select(_ => ReadAsync(rig, "/requests/1")).ToList();
        var other = ReadAsync(rig, "/requests/2");
        answer.SetResult();
        foreach (var read in reads) (await read).GetProperty("request").GetProperty("id").GetString().ShouldBe("1");
        await other;
        rig.Sdp.Calls.Count.ShouldBe(2);
        await ReadAsync(rig, "/requests/1");
        rig.Sdp.Calls.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Reads_with_other_input_are_other_reads()
    {
        var answer = new TaskCompletionSource();
        using var rig = await ReadyAsync((_, _) => AfterAsync(answer.Task));
        var reads = new[] { 1, 2, 1 }.Select(row => rig.Client.SendAsync(HttpMethod.Get, "/requests", new JsonObject { ["a"] = row }, Cancel)).ToList();
        rig.Sdp.Calls.Count.ShouldBe(2);
        answer.SetResult();
        await Task.WhenAll(reads);
    }

    [Fact]
    public async Task A_read_goes_on_until_the_last_who_waits_for_it_has_left()
    {
        using var leaving = new CancellationTokenSource();
        using var leavingToo = new CancellationTokenSource();
        var ended = new TaskCompletionSource();
        using var rig = await ReadyAsync(async (_, end) =>
        {
            await using var registration = end.Register(ended.SetResult);
            await Task.Delay(Timeout.Infinite, end);
            return Wire.Json(Rig.Ok);
        });
        var first = rig.Client.SendAsync(HttpMethod.Get, "/requests/1", null, leaving.Token);
        var second = rig.Client.SendAsync(HttpMethod.Get, "/requests/1", null, leavingToo.Token);
        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => first);
        (second.IsCompleted, ended.Task.IsCompleted).ShouldBe((false, false));
        await leavingToo.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => second);
        await ended.Task.WaitAsync(Cancel);
        rig.Sdp.Calls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Who_asks_after_a_write_is_never_given_what_was_read_before()
    {
        var answers = new List<TaskCompletionSource<HttpResponseMessage>>();
        using var rig = await ReadyAsync((sent, _) =>
        {
            if (sent.Method == HttpMethod.Put) return Task.FromResult(Wire.Json(Rig.Ok));
            answers.Add(new TaskCompletionSource<HttpResponseMessage>());
            return answers[^1].Task;
        });
        var before = ReadAsync(rig, "/requests/1");
        await rig.Client.SendAsync(HttpMethod.Put, "/requests/1", [], Cancel);
        var after = ReadAsync(rig, "/requests/1");
        answers.Count.ShouldBe(2);
        answers[1].SetResult(Wire.Json("""{"response_status":{"status_code":2000},"is":"new"}"""));
        answers[0].SetResult(Wire.Json("""{"response_status":{"status_code":2000},"is":"old"}"""));
        (await after).GetProperty("is").GetString().ShouldBe("new");
        (await before).GetProperty("is").GetString().ShouldBe("old");
    }

    [Fact]
    public async Task A_read_that_began_during_a_write_is_not_joined_after_it()
    {
        var written = new TaskCompletionSource<HttpResponseMessage>();
        var read = new TaskCompletionSource();
        using var rig = await ReadyAsync((sent, _) => sent.Method == HttpMethod.Put ? written.Task : AfterAsync(read.Task));
        var write = rig.Client.SendAsync(HttpMethod.Put, "/requests/1", [], Cancel);
        var during = ReadAsync(rig, "/requests/1");
        written.SetResult(Wire.Json("{}", 500));
        await Should.ThrowAsync<SdpException>(() => write);
        var after = ReadAsync(rig, "/requests/1");
        rig.Sdp.Calls.Count.ShouldBe(3);
        read.SetResult();
        await Task.WhenAll(during, after);
    }

    [Fact]
    public async Task A_failure_is_told_to_all_who_wait_and_kept_for_nobody()
    {
        var answer = new TaskCompletionSource<HttpResponseMessage>();
        using var rig = await ReadyAsync((_, _) => answer.Task);
        var reads = Enumerable.Range(0, 5).Select(_ => ReadAsync(rig, "/requests/1")).ToList();
        answer.SetResult(Wire.Json("{}", 404));
        foreach (var read in reads) (await Should.ThrowAsync<SdpException>(() => read)).HttpStatus.ShouldBe(404);
        answer = new TaskCompletionSource<HttpResponseMessage>();
        answer.SetResult(Wire.Json(Rig.Ok));
        await ReadAsync(rig, "/requests/1");
    }

    [Fact]
    public async Task Another_credential_shares_nothing()
    {
        var answer = new TaskCompletionSource();
        using var rig = await ReadyAsync((_, _) => AfterAsync(answer.Task));
        var old = ReadAsync(rig, "/requests/1");
        await rig.RotateAsync("v2");
        await rig.Tokens.GetAsync(Cancel);
        var now = ReadAsync(rig, "/requests/1");
        rig.Sdp.Calls.Count.ShouldBe(2);
        answer.SetResult();
        await Task.WhenAll(old, now);
    }

    [Fact]
    public async Task When_time_runs_out_the_last_failure_is_told_in_time_and_others_go_on()
    {
        var isWell = false;
        using var rig = await ReadyAsync((_, _) => Task.FromResult(isWell ? Wire.Json(Rig.Ok) : Wire.Json("{}", 503)));
        var hasty = InTimeAsync(rig, TimeSpan.FromMilliseconds(300));
        var patient = InTimeAsync(rig, TimeSpan.FromSeconds(90));
        isWell = true;
        rig.Clock.Advance(TimeSpan.FromMilliseconds(60));
        (await Should.ThrowAsync<SdpException>(() => hasty)).Failure.ShouldBe(SdpFailure.ServerError);
        await rig.RunAsync(patient, TimeSpan.FromMilliseconds(100));
        rig.Sdp.Calls.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_read_without_any_answer_ends_with_the_time_of_its_caller()
    {
        DateTimeOffset? gaveUp = null;
        Rig? ready = null;
        using var rig = ready = await ReadyAsync((_, end) =>
        {
            // The clock goes on while the failure is on its way to the test, so the moment is taken here.
            end.Register(() => gaveUp ??= ready!.Clock.GetUtcNow());
            return Task.Delay(Timeout.Infinite, end).ContinueWith<HttpResponseMessage>(_ => throw new OperationCanceledException(end), TaskScheduler.Default);
        });
        var started = rig.Clock.GetUtcNow();
        var failure = await Should.ThrowAsync<SdpException>(() => rig.RunAsync(InTimeAsync(rig, TimeSpan.FromSeconds(10)), TimeSpan.FromMilliseconds(50)));
        failure.Failure.ShouldBe(SdpFailure.NoAnswer);
        (gaveUp - started).ShouldNotBeNull().ShouldBeLessThan(TimeSpan.FromSeconds(10));
    }

    private static async Task<JsonElement> InTimeAsync(Rig rig, TimeSpan time)
    {
        Errand.Current = new Errand("ada", rig.Clock.GetUtcNow().UtcDateTime + time, rig.Clock);
        return await ReadAsync(rig, "/requests/1");
    }

    private static Task<JsonElement> ReadAsync(Rig rig, string path) => rig.Client.SendAsync(HttpMethod.Get, path, null, Cancel);

    private static async Task<HttpResponseMessage> AfterAsync(Task task, string body = Rig.Ok)
    {
        await task;
        return Wire.Json(body);
    }

    // With a token, so that a call is on the wire as soon as it is made.
    private static async Task<Rig> ReadyAsync(Func<Sent, CancellationToken, Task<HttpResponseMessage>> answer)
    {
        var rig = new Rig(answer);
        await rig.Tokens.GetAsync(Cancel);
        return rig;
    }
}

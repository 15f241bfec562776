using System.Net;
using Shouldly;
using Sidecar.Broker.Tokens;
using Sidecar.Contract;
using Xunit;

namespace Sidecar.Tests.Unit.Broker;

public class TokenBrokerTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_hundred_callers_share_one_token_request()
    {
        var gate = new TaskCompletionSource();
        using var rig = Gated(gate.Task);
        var callers = Enumerable.Range(0, 100).Select(_ => Task.Run(() => rig.Tokens.GetAsync(Cancel), Cancel)).ToList();
        await Task.Delay(20, Cancel);
        gate.SetResult();
        (await Task.WhenAll(callers)).Distinct().ShouldHaveSingleItem();
        rig.Zoho.Calls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_caller_who_gives_up_does_not_take_the_others_along()
    {
        var gate = new TaskCompletionSource();
        using var rig = Gated(gate.Task);
        using var leaving = new CancellationTokenSource();
        var (first, second) = (rig.Tokens.GetAsync(leaving.Token), rig.Tokens.GetAsync(Cancel));
        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => first);
        gate.SetResult();
        (await second).Value.Reveal().ShouldBe("hush-token-1");
    }

    [Fact]
    public async Task Many_callers_with_one_rejected_token_share_its_renewal()
    {
        using var rig = new Rig();
        var rejected = await rig.Tokens.GetAsync(Cancel);
        var renewed = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(() => rig.Tokens.RenewAsync(rejected, Cancel), Cancel)));
        renewed.Distinct().ShouldHaveSingleItem().ShouldNotBe(rejected);
        (await rig.Tokens.RenewAsync(rejected, Cancel)).ShouldBe(renewed[0], "a latecomer's rejection is old news");
        rig.Zoho.Calls.Count.ShouldBe(2);
    }

    [Fact]
    public async Task It_is_renewed_ahead_of_its_end_and_not_before()
    {
        using var rig = new Rig();
        await rig.Tokens.RenewAheadAsync(Cancel);
        rig.Clock.Advance(TimeSpan.FromMinutes(54));
        await rig.Tokens.RenewAheadAsync(Cancel);
        rig.Zoho.Calls.Count.ShouldBe(1);
        rig.Clock.Advance(TimeSpan.FromMinutes(1));
        await rig.Tokens.RenewAheadAsync(Cancel);
        rig.Zoho.Calls.Count.ShouldBe(2);
        (await rig.Tokens.GetAsync(Cancel)).Value.Reveal().ShouldBe("hush-token-2");
    }

    [Fact]
    public async Task A_token_that_lives_shortly_does_not_use_up_the_budget_at_once()
    {
        Rig? rig = null;
        using var made = rig = new Rig(zoho: (_, _) => Task.FromResult(rig!.NewToken(seconds: 200)));
        for (var second = 0; second < 600; second++)
        {
            await rig.Tokens.RenewAheadAsync(Cancel);
            rig.Tokens.Status.State.ShouldBe(TokenState.Valid);
            rig.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        rig.Zoho.Calls.Count.ShouldBeInRange(5, 7);
    }

    [Fact]
    public async Task A_failed_renewal_leaves_the_token_in_use()
    {
        var calls = 0;
        Rig? rig = null;
        using var made = rig = new Rig(zoho: (_, _) => Task.FromResult(calls++ == 0 ? rig!.NewToken() : Wire.Json("{}", 503)));
        await rig.Tokens.GetAsync(Cancel);
        rig.Clock.Advance(TimeSpan.FromMinutes(56));
        await rig.Tokens.RenewAheadAsync(Cancel);
        calls.ShouldBe(2);
        rig.Tokens.Status.State.ShouldBe(TokenState.Valid);
        (await rig.Tokens.GetAsync(Cancel)).Value.Reveal().ShouldBe("hush-token-1");
    }

    [Fact]
    public async Task An_ended_token_is_never_served()
    {
        using var rig = new Rig();
        await rig.Tokens.GetAsync(Cancel);
        rig.Clock.Advance(TimeSpan.FromMinutes(59.6));
        (await rig.Tokens.GetAsync(Cancel)).Value.Reveal().ShouldBe("hush-token-2", "what ends within 30 seconds may end on the way");
    }

    [Fact]
    public async Task A_refusal_is_final_until_the_credential_changes()
    {
        using var rig = new Rig(zoho: (_, _) => Task.FromResult(Wire.Json("""{"error":"invalid_code"}""")));
        for (var hour = 0; hour < 50; hour++)
        {
            (await Should.ThrowAsync<TokenException>(() => rig.Tokens.GetAsync(Cancel))).State.ShouldBe(TokenState.Refused);
            await rig.Tokens.RenewAheadAsync(Cancel);
            rig.Clock.Advance(TimeSpan.FromHours(1));
        }

        rig.Zoho.Calls.Count.ShouldBe(1);
        rig.Tokens.Status.State.ShouldBe(TokenState.Refused);
        await rig.RotateAsync("v2");
        rig.Tokens.Status.State.ShouldBe(TokenState.None);
        await Should.ThrowAsync<TokenException>(() => rig.Tokens.GetAsync(Cancel));
        rig.Zoho.Calls.Last().Body.ShouldContain("hush-refresh-v2");
    }

    [Fact]
    public async Task When_a_credential_that_worked_dies_calls_wait_a_moment_for_the_next_one()
    {
        Rig? rig = null;
        var dead = false;
        using var made = rig = new Rig(zoho: (sent, _) => Task.FromResult(
            dead && sent.Body.Contains("refresh-v1", StringComparison.Ordinal) ? Wire.Json("""{"error":"invalid_code"}""") : rig!.NewToken()));
        var token = await rig.Tokens.GetAsync(Cancel);
        dead = true;
        var waiting = rig.Tokens.RenewAsync(token, Cancel);
        await UntilAsync(() => rig.Tokens.AwaitsSuccessor);
        waiting.IsCompleted.ShouldBeFalse();
        await rig.RotateAsync("v2");
        (await waiting).Credential.Version.ShouldBe("v2");
        rig.Tokens.AwaitsSuccessor.ShouldBeFalse();
    }

    [Fact]
    public async Task No_call_waits_for_another_credential_for_long()
    {
        Rig? rig = null;
        var dead = false;
        using var made = rig = new Rig(zoho: (_, _) => Task.FromResult(dead ? Wire.Json("""{"error":"invalid_code"}""") : rig!.NewToken()));
        var token = await rig.Tokens.GetAsync(Cancel);
        dead = true;
        var waiting = rig.Tokens.RenewAsync(token, Cancel);
        await UntilAsync(() => rig.Tokens.AwaitsSuccessor);
        var failure = await Should.ThrowAsync<TokenException>(() => rig.RunAsync(waiting, TimeSpan.FromSeconds(1)));
        failure.State.ShouldBe(TokenState.Refused);
        rig.Clock.Advance(TimeSpan.FromSeconds(10));
        (await Should.ThrowAsync<TokenException>(() => rig.Tokens.GetAsync(Cancel).WaitAsync(TimeSpan.FromSeconds(30), Cancel))).State.ShouldBe(TokenState.Refused);
        rig.Zoho.Calls.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_pause_that_zoho_asks_for_is_kept()
    {
        using var rig = new Rig(zoho: (_, _) => Task.FromResult(Wire.Json("""{"error":"Access Denied","status":"failure"}""", 400)));
        var failure = await Should.ThrowAsync<TokenException>(() => rig.Tokens.GetAsync(Cancel));
        (failure.State, failure.RetryAfter).ShouldBe((TokenState.CoolingDown, TimeSpan.FromMinutes(10)));
        rig.Clock.Advance(TimeSpan.FromMinutes(9));
        (await Should.ThrowAsync<TokenException>(() => rig.Tokens.GetAsync(Cancel))).RetryAfter.ShouldBe(TimeSpan.FromMinutes(1));
        rig.Zoho.Calls.Count.ShouldBe(1);
        rig.Clock.Advance(TimeSpan.FromMinutes(1));
        await Should.ThrowAsync<TokenException>(() => rig.Tokens.GetAsync(Cancel));
        rig.Zoho.Calls.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_failure_is_tried_again_after_a_growing_pause_and_never_kept_as_a_token()
    {
        var works = false;
        Rig? rig = null;
        using var made = rig = new Rig(zoho: (_, _) => works ? Task.FromResult(rig!.NewToken()) : Task.FromException<HttpResponseMessage>(new HttpRequestException("no")));
        await Should.ThrowAsync<TokenException>(() => rig.Tokens.GetAsync(Cancel));
        await Should.ThrowAsync<TokenException>(() => rig.Tokens.GetAsync(Cancel));
        rig.Zoho.Calls.Count.ShouldBe(1);
        rig.Clock.Advance(TimeSpan.FromSeconds(2));
        await Should.ThrowAsync<TokenException>(() => rig.Tokens.GetAsync(Cancel));
        rig.Clock.Advance(TimeSpan.FromSeconds(3));
        (await Should.ThrowAsync<TokenException>(() => rig.Tokens.GetAsync(Cancel))).RetryAfter.ShouldBe(TimeSpan.FromSeconds(1));
        rig.Zoho.Calls.Count.ShouldBe(2);
        works = true;
        rig.Clock.Advance(TimeSpan.FromSeconds(1));
        (await rig.Tokens.GetAsync(Cancel)).Value.Reveal().ShouldBe("hush-token-1");
    }

    [Fact]
    public async Task A_token_asked_for_before_a_rotation_is_not_served_after_it()
    {
        var gate = new TaskCompletionSource();
        Rig? rig = null;
        using var made = rig = new Rig(zoho: async (sent, _) =>
        {
            if (sent.Body.Contains("refresh-v1", StringComparison.Ordinal)) await gate.Task;
            return rig!.NewToken();
        });
        var before = rig.Tokens.GetAsync(Cancel);
        await rig.RotateAsync("v2");
        var after = await rig.Tokens.GetAsync(Cancel).WaitAsync(TimeSpan.FromSeconds(60), Cancel);
        after.Credential.Version.ShouldBe("v2");
        gate.SetResult();
        (await before).Credential.Version.ShouldBe("v2");
        (await rig.Tokens.GetAsync(Cancel)).ShouldBe(after, "the latecomer did not replace it");
        rig.Zoho.Calls.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_refusal_of_an_old_credential_says_nothing_about_the_new_one()
    {
        var gate = new TaskCompletionSource();
        Rig? rig = null;
        using var made = rig = new Rig(zoho: async (sent, _) =>
        {
            if (!sent.Body.Contains("refresh-v1", StringComparison.Ordinal)) return rig!.NewToken();
            await gate.Task;
            return Wire.Json("""{"error":"invalid_code"}""");
        });
        var before = rig.Tokens.GetAsync(Cancel);
        await rig.RotateAsync("v2");
        gate.SetResult();
        (await before).Credential.Version.ShouldBe("v2");
    }

    [Theory]
    [InlineData("""{"error":"invalid_code"}""", TokenState.Refused)]
    [InlineData("""{"error":"invalid_client"}""", TokenState.Refused)]
    [InlineData("""{"error":"invalid_client_secret"}""", TokenState.Refused)]
    [InlineData("""{"error":"invalid_scope"}""", TokenState.Refused)]
    [InlineData("""{"error_description":"You have made too many requests continuously.","error":"Access Denied","status":"failure"}""", TokenState.CoolingDown)]
    [InlineData("""{"error_description":"您的请求过于频繁","error":"访问被拒绝","status":"failure"}""", TokenState.CoolingDown)]
    [InlineData("""{"error":"access_denied"}""", TokenState.CoolingDown)]
    [InlineData("""{"error":"general_error"}""", TokenState.Unreachable)]
    [InlineData("""{"error":"<script>hush"}""", TokenState.Unreachable)]
    [InlineData("""{"error":{"x":1}}""", TokenState.Unreachable)]
    [InlineData("""{"access_token":""}""", TokenState.Unreachable)]
    [InlineData("""{"access_token":7}""", TokenState.Unreachable)]
    [InlineData("""{"access_token":"\ud800"}""", TokenState.Unreachable)]
    [InlineData("{}", TokenState.Unreachable)]
    [InlineData("[]", TokenState.Unreachable)]
    [InlineData("null", TokenState.Unreachable)]
    [InlineData("", TokenState.Unreachable)]
    [InlineData("<html>hush-refresh-v1</html>", TokenState.Unreachable)]
    public async Task Every_reply_without_a_token_is_told_and_tells_no_secret(string body, TokenState state)
    {
        foreach (var status in new[] { 200, 302, 400, 401, 403, 500, 503 })
        {
            using var rig = new Rig(zoho: (_, _) => Task.FromResult(Wire.Json(body, status)));
            var failure = await Should.ThrowAsync<TokenException>(() => rig.Tokens.GetAsync(Cancel));
            failure.State.ShouldBe(state, $"{status} {body}");
            $"{failure.Message} {failure} {rig.Tokens.Status.Problem}".ShouldNotContain("hush");
        }
    }

    [Theory]
    [InlineData("""{"access_token":"hush-token","expires_in":1800}""", 1800)]
    [InlineData("""{"access_token":"hush-token","expires_in_sec":1800,"expires_in":1800000}""", 1800)]
    [InlineData("""{"access_token":"hush-token"}""", 3600)]
    [InlineData("""{"access_token":"hush-token","expires_in":"soon"}""", 3600)]
    [InlineData("""{"access_token":"hush-token","expires_in":-5}""", 3600)]
    [InlineData("""{"access_token":"hush-token","expires_in":1e300}""", 86400)]
    [InlineData("""{"access_token":"hush-token","expires_in":1800,"refresh_token":"x","scope":"y","api_domain":"https://evil"}""", 1800)]
    public async Task A_token_lives_as_long_as_zoho_says(string body, int seconds)
    {
        using var rig = new Rig(zoho: (_, _) => Task.FromResult(Wire.Json(body)));
        ((await rig.Tokens.GetAsync(Cancel)).Expires - rig.Clock.SinceBoot()).ShouldBe(TimeSpan.FromSeconds(seconds));
        var sent = rig.Zoho.Calls.ShouldHaveSingleItem();
        sent.Url.ToString().ShouldBe("https://accounts.example.com/oauth/v2/token");
        sent.Body.ShouldBe("grant_type=refresh_token&client_id=1000.CLIENT&client_secret=hush-client-v1&refresh_token=hush-refresh-v1");
    }

    [Fact]
    public async Task An_accounts_server_that_throttles_by_status_is_given_its_pause()
    {
        using var rig = new Rig(zoho: (_, _) => Task.FromResult(Wire.Json("{}", (int)HttpStatusCode.TooManyRequests)));
        (await Should.ThrowAsync<TokenException>(() => rig.Tokens.GetAsync(Cancel))).State.ShouldBe(TokenState.CoolingDown);
    }

    [Fact]
    public async Task A_token_prints_as_a_placeholder()
    {
        using var rig = new Rig();
        (await rig.Tokens.GetAsync(Cancel)).ToString().ShouldNotContain("hush");
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        for (var look = 0; look < 3000 && !holds(); look++) await Task.Delay(10, Cancel);
        holds().ShouldBeTrue();
    }

    private static Rig Gated(Task gate)
    {
        Rig? rig = null;
        return rig = new Rig(zoho: async (_, _) =>
        {
            await gate;
            return rig!.NewToken();
        });
    }
}

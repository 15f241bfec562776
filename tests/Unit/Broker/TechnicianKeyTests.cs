using System.Text.Json.Nodes;
using Shouldly;
using Sidecar.Broker.Sdp;
using Sidecar.Broker.Tokens;
using Sidecar.Contract;
using Xunit;

namespace Sidecar.Tests.Unit.Broker;

/// <summary>On premises: which header the key goes into, and how few calls a refused one costs.</summary>
public class TechnicianKeyTests
{
    private const string Refusal = """{"response_status":{"status_code":4000,"status":"failed","messages":[{"status_code":4022,"type":"failed","message":"UNAUTHORISED"}]}}""";

    private string[] _headers = ["authtoken"];
    private string _key = "hush-key-v1";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_key_is_in_its_header_and_nowhere_else_and_nobody_asks_Zoho()
    {
        using var rig = NewRig();
        await rig.Client.SendAsync(HttpMethod.Get, "/requests/1", [], Cancel);
        await rig.Client.SendAsync(HttpMethod.Put, "/requests/1", [], Cancel);
        rig.Sdp.Calls.Count.ShouldBe(3, "one try of the key, and the two calls");
        foreach (var call in rig.Sdp.Calls)
        {
            call.Authorization.ShouldBeNull();
            call.Headers.ShouldContain("authtoken: hush-key-v1\n");
            call.Headers.ShouldContain("PORTALID: 1\n");
            call.Url.AbsoluteUri.ShouldStartWith("https://desk.example.com:8443/api/v3/requests");
            $"{call.Url}{call.Body}{call.Headers.Replace("authtoken: hush-key-v1", "", StringComparison.Ordinal)}".ShouldNotContain("hush");
        }

        rig.Zoho.Calls.ShouldBeEmpty();
        rig.Tokens.Status.State.ShouldBe(TokenState.Valid);
    }

    [Fact]
    public async Task Without_a_portal_there_is_no_header_for_it()
    {
        using var rig = NewRig(portal: null);
        await rig.Client.SendAsync(HttpMethod.Get, "/requests", [], Cancel);
        foreach (var call in rig.Sdp.Calls) call.Headers.ShouldNotContain("PORTALID");
    }

    [Fact]
    public async Task The_older_header_is_tried_once_and_remembered()
    {
        _headers = ["TECHNICIAN_KEY"];
        using var rig = NewRig();
        await rig.Client.SendAsync(HttpMethod.Post, "/requests", [], Cancel);
        await rig.Client.SendAsync(HttpMethod.Post, "/requests", [], Cancel);
        rig.Sdp.Calls.Select(Header).ShouldBe(["authtoken", "TECHNICIAN_KEY", "TECHNICIAN_KEY", "TECHNICIAN_KEY"]);
        rig.Sdp.Calls.Count(call => call.Method == HttpMethod.Post).ShouldBe(2);

        _key = "hush-key-v2";
        await rig.RotateAsync(HeldCredential.OnPrem("v2"));
        await rig.Client.SendAsync(HttpMethod.Get, "/requests", [], Cancel);
        rig.Sdp.Calls.Skip(4).Select(Header).ShouldBe(["TECHNICIAN_KEY", "TECHNICIAN_KEY"]);
    }

    [Fact]
    public async Task An_instance_that_is_upgraded_meanwhile_is_followed_and_the_write_is_made_once()
    {
        _headers = ["TECHNICIAN_KEY"];
        using var rig = NewRig();
        await rig.Client.SendAsync(HttpMethod.Get, "/requests", [], Cancel);
        _headers = ["authtoken"];
        await rig.Client.SendAsync(HttpMethod.Post, "/requests", [], Cancel);
        rig.Sdp.Calls.Where(call => call.Method == HttpMethod.Post).Select(Header).ShouldBe(["TECHNICIAN_KEY", "authtoken"]);
    }

    [Fact]
    public async Task A_refused_key_is_final_until_it_changes_and_costs_two_calls_however_many_ask()
    {
        _key = "another";
        using var rig = NewRig();
        for (var i = 0; i < 3; i++)
        {
            await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
            {
                var refused = await Should.ThrowAsync<TokenException>(() => rig.Client.SendAsync(HttpMethod.Get, "/requests", [], Cancel));
                refused.State.ShouldBe(TokenState.Refused);
                refused.Message.ShouldNotContain("hush");
            }));
            rig.Clock.Advance(TimeSpan.FromHours(1));
        }

        rig.Sdp.Calls.Count.ShouldBe(2);

        _key = "hush-key-v2";
        await rig.RotateAsync(HeldCredential.OnPrem("v2"));
        await rig.Client.SendAsync(HttpMethod.Get, "/requests", [], Cancel);
        rig.Tokens.Status.State.ShouldBe(TokenState.Valid);
    }

    [Fact]
    public async Task A_key_that_dies_under_many_callers_stays_below_the_lock_and_the_source_is_read_again_at_once()
    {
        using var rig = NewRig();
        await rig.Client.SendAsync(HttpMethod.Get, "/requests", [], Cancel);
        rig.Clock.Advance(TimeSpan.FromMinutes(1));
        var (sent, reads) = (rig.Sdp.Calls.Count, rig.Source.Reads);
        _key = "another";
        var all = Task.WhenAll(Enumerable.Range(0, 100).Select(_ =>
            Should.ThrowAsync<TokenException>(() => rig.Client.SendAsync(HttpMethod.Get, "/requests", [], Cancel))));
        // At once: the clock stands still.
        while (rig.Source.Reads == reads && !all.IsCompleted) await Task.Delay(1, Cancel);
        rig.Source.Reads.ShouldBeGreaterThan(reads);
        // For some seconds they wait for a key that may be on its way.
        await rig.RunAsync(all, TimeSpan.FromSeconds(1));
        (rig.Sdp.Calls.Count - sent).ShouldBeLessThan(15);
    }

    [Fact]
    public async Task A_rotation_that_came_with_the_refusal_is_taken_up_and_the_call_succeeds()
    {
        using var rig = NewRig();
        await rig.Client.SendAsync(HttpMethod.Get, "/requests", [], Cancel);
        rig.Clock.Advance(TimeSpan.FromMinutes(1));
        _key = "hush-key-v2";
        rig.Source.Credential = HeldCredential.OnPrem("v2");
        await rig.Client.SendAsync(HttpMethod.Post, "/requests", [], Cancel);
        rig.Sdp.Calls.Last().Headers.ShouldContain("authtoken: hush-key-v2\n");
    }

    [Fact]
    public async Task A_path_that_refuses_a_good_key_does_not_end_the_key()
    {
        using var rig = new Rig(
            (sent, _) => Task.FromResult(sent.Url.AbsolutePath.EndsWith("/users", StringComparison.Ordinal) ? Wire.Json(Refusal, 401) : Wire.Json(Rig.Ok)),
            credential: HeldCredential.OnPrem("v1"));
        (await Should.ThrowAsync<SdpException>(() => rig.Client.SendAsync(HttpMethod.Get, "/users", [], Cancel))).Failure.ShouldBe(SdpFailure.ScopeMissing);
        await rig.Client.SendAsync(HttpMethod.Get, "/requests", [], Cancel);
        rig.Tokens.Status.State.ShouldBe(TokenState.Valid);
    }

    [Theory]
    [InlineData("down", TokenState.Unreachable)]
    [InlineData("500", TokenState.Unreachable)]
    [InlineData("html", TokenState.Unreachable)]
    [InlineData("html404", TokenState.Unreachable)]
    [InlineData("blocked", TokenState.CoolingDown)]
    [InlineData("forbidden", TokenState.Valid)]
    public async Task What_an_instance_answers_to_the_first_try_is_told_and_tried_again(string answer, TokenState state)
    {
        var isWell = false;
        using var rig = new Rig(
            (_, _) => isWell ? Task.FromResult(Wire.Json(Rig.Ok)) : answer switch
            {
                "down" => throw new HttpRequestException(HttpRequestError.ConnectionError, "hush"),
                "500" => Task.FromResult(Wire.Json("hush", 500)),
                "html" => Task.FromResult(Wire.Html("<html>hush</html>")),
                "html404" => Task.FromResult(Wire.Html("<html>hush</html>", 404)),
                "blocked" => Task.FromResult(Wire.Json(Message(4000, "URL blocked as maximum access limit for the page is exceeded. Please try after sometime."), 400)),
                _ => Task.FromResult(Wire.Json(Message(4002, "User does not have this permission"), 403)),
            },
            credential: HeldCredential.OnPrem("v1"));
        await rig.Tokens.RenewAheadAsync(Cancel);
        rig.Tokens.Status.State.ShouldBe(state);
        (rig.Tokens.Status.Problem ?? "").ShouldNotContain("hush");

        // A budget of Zoho's would be spent by then.
        for (var i = 0; i < 30; i++)
        {
            rig.Clock.Advance(TimeSpan.FromSeconds(10));
            await rig.Tokens.RenewAheadAsync(Cancel);
        }

        isWell = true;
        rig.Clock.Advance(TimeSpan.FromMinutes(1));
        await rig.Tokens.RenewAheadAsync(Cancel);
        rig.Tokens.Status.State.ShouldBe(TokenState.Valid);
    }

    [Fact]
    public async Task A_blocked_url_is_a_limit_and_no_refusal_of_the_call()
    {
        var isBlocked = false;
        using var rig = new Rig(
            (_, _) => Task.FromResult(isBlocked ? Wire.Json(Message(4000, "URL blocked as maximum access limit exceeded"), 400) : Wire.Json(Rig.Ok)),
            credential: HeldCredential.OnPrem("v1"));
        await rig.Client.SendAsync(HttpMethod.Get, "/requests", [], Cancel);
        isBlocked = true;
        (await Should.ThrowAsync<SdpException>(() => rig.Client.SendAsync(HttpMethod.Post, "/requests", [], Cancel))).Failure.ShouldBe(SdpFailure.Throttled);
    }

    [Fact]
    public async Task An_answer_that_quotes_the_key_does_not_pass_it_on()
    {
        using var rig = new Rig(
            (sent, _) => Task.FromResult(sent.Method == HttpMethod.Get ? Wire.Json(Rig.Ok) : Wire.Json(Message(4001, $"authtoken {_key} is odd"), 400)),
            credential: HeldCredential.OnPrem("v1"));
        var refusal = await Should.ThrowAsync<SdpException>(() => rig.Client.SendAsync(HttpMethod.Post, "/requests", [], Cancel));
        refusal.Messages.ShouldHaveSingleItem().Text.ShouldBe("authtoken [secret] is odd");
    }

    private Rig NewRig(string? portal = "1") => new(
        async (sent, _) =>
        {
            await Task.Yield();
            return Header(sent) is { } header && _headers.Contains(header) && sent.Headers.Contains($"{header}: {_key}\n", StringComparison.Ordinal)
                ? Wire.Json(Rig.Ok)
                : Wire.Json(Refusal, 401);
        },
        credential: HeldCredential.OnPrem("v1", portal));

    private static string? Header(Sent sent) => sent.Headers.Split('\n').Select(line => line.Split(':')[0]).FirstOrDefault(name => name is "authtoken" or "TECHNICIAN_KEY");

    private static string Message(int code, string text) => new JsonObject
    {
        ["response_status"] = new JsonObject
        {
            ["status_code"] = 4000,
            ["status"] = "failed",
            ["messages"] = new JsonArray(new JsonObject { ["status_code"] = code, ["type"] = "failed", ["message"] = text }),
        },
    }.ToJsonString();
}

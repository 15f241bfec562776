using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Shouldly;
using Sidecar.Broker.Sdp;
using Sidecar.Broker.Tokens;
using Sidecar.Contract;
using Xunit;

namespace Sidecar.Tests.Unit.Broker;

public class SdpClientTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(500);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_read_carries_its_input_in_the_query_and_a_write_in_the_form()
    {
        using var rig = new Rig();
        await rig.Client.SendAsync(HttpMethod.Get, "/requests", new JsonObject { ["a"] = "b&c ü" }, Cancel);
        await rig.Client.SendAsync(HttpMethod.Post, "/requests", new JsonObject { ["a"] = "b&c ü+" }, Cancel);
        var (read, write) = (rig.Sdp.Calls.First(), rig.Sdp.Calls.Last());
        read.Url.AbsoluteUri.ShouldBe("https://desk.example.com/app/itdesk/api/v3/requests?input_data=%7B%22a%22%3A%22b%26c%20%C3%BC%22%7D");
        read.Body.ShouldBe("");
        write.Url.Query.ShouldBe("");
        Uri.UnescapeDataString(write.Body).ShouldBe("""input_data={"a":"b&c ü+"}""");
        write.Headers.ShouldContain("application/x-www-form-urlencoded");
        foreach (var call in rig.Sdp.Calls) call.Headers.ShouldContain("Accept: application/vnd.manageengine.sdp.v3+json");
    }

    [Fact]
    public async Task The_token_is_in_the_authorization_header_and_nowhere_else()
    {
        using var rig = new Rig();
        await rig.Client.SendAsync(HttpMethod.Get, "/requests", [], Cancel);
        await rig.Client.SendAsync(HttpMethod.Put, "/requests/1", [], Cancel);
        foreach (var call in rig.Sdp.Calls)
        {
            call.Authorization.ShouldBe("Zoho-oauthtoken hush-token-1");
            $"{call.Url}{call.Headers}{call.Body}".ShouldNotContain("hush");
        }
    }

    public static TheoryData<string> Failures => ["500", "503", "html500", "429", "4004", "4015", "4001", "3000", "garbage", "empty", "html", "302", "reset", "refused", "dns", "cut"];

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_write_is_sent_once_whatever_fails(string failure)
    {
        foreach (var method in new[] { HttpMethod.Post, HttpMethod.Put, HttpMethod.Delete })
        {
            using var rig = new Rig((_, _) => Answer(failure));
            var sending = rig.Client.SendAsync(method, "/requests/1", [], Cancel);
            await Should.ThrowAsync<SdpException>(() => rig.RunAsync(sending, Step));
            rig.Sdp.Calls.Count.ShouldBe(1);
        }
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_read_is_repeated_at_most_three_times_and_only_where_that_may_help(string failure)
    {
        using var rig = new Rig((_, _) => Answer(failure));
        var sending = rig.Client.SendAsync(HttpMethod.Get, "/requests/1", [], Cancel);
        await Should.ThrowAsync<SdpException>(() => rig.RunAsync(sending, Step));
        rig.Sdp.Calls.Count.ShouldBe(failure is "500" or "503" or "html500" or "4004" or "garbage" or "reset" or "refused" or "dns" or "cut" ? 4 : 1);
    }

    [Fact]
    public async Task A_read_that_works_the_second_time_has_worked()
    {
        var calls = 0;
        using var rig = new Rig((_, _) => calls++ == 0 ? Answer("500") : Task.FromResult(Wire.Json(Rig.Ok)));
        await rig.RunAsync(rig.Client.SendAsync(HttpMethod.Get, "/requests/1", [], Cancel), Step);
        calls.ShouldBe(2);
    }

    [Theory]
    [InlineData("garbage", true, "NoAnswer")]
    [InlineData("garbage", false, "Unreadable")]
    [InlineData("empty", false, "Unreadable")]
    [InlineData("html", true, "NotTheApi")]
    [InlineData("html", false, "NotTheApi")]
    [InlineData("302", false, "NotTheApi")]
    [InlineData("refused", true, "NotSent")]
    [InlineData("reset", true, "NoAnswer")]
    [InlineData("reset", false, "NoAnswer")]
    [InlineData("html500", false, "ServerError")]
    public async Task Each_failure_is_told_for_what_it_proves(string failure, bool isRead, string expected)
    {
        using var rig = new Rig((_, _) => Answer(failure));
        var sending = rig.Client.SendAsync(isRead ? HttpMethod.Get : HttpMethod.Post, "/requests/1", [], Cancel);
        (await Should.ThrowAsync<SdpException>(() => rig.RunAsync(sending, Step))).Failure.ToString().ShouldBe(expected);
    }

    [Theory]
    [InlineData("Retry-After: 120", 120)]
    [InlineData("Retry-After: Wed, 01 Jul 2026 09:02:00 GMT\nDate: Wed, 01 Jul 2026 09:00:00 GMT", 120)]
    [InlineData("Retry-After: Wed, 01 Jul 2026 08:00:00 GMT\nDate: Wed, 01 Jul 2026 09:00:00 GMT", null)]
    [InlineData("Retry-After: soon", null)]
    public async Task The_pause_that_the_instance_asks_for_is_told(string headers, int? seconds)
    {
        using var rig = new Rig((_, _) =>
        {
            var response = Wire.Json("{}", 429);
            foreach (var header in headers.Split('\n')) response.Headers.TryAddWithoutValidation(header.Split(": ")[0], header.Split(": ")[1]);
            return Task.FromResult(response);
        });
        var failure = await Should.ThrowAsync<SdpException>(() => rig.Client.SendAsync(HttpMethod.Get, "/requests", [], Cancel));
        failure.RetryAfter.ShouldBe(seconds is { } wait ? TimeSpan.FromSeconds(wait) : null);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task A_rejected_token_is_renewed_once(string method)
    {
        using var rig = new Rig((sent, _) => Task.FromResult(sent.Authorization!.EndsWith("token-1", StringComparison.Ordinal) ? Wire.Json("{}", 401) : Wire.Json(Rig.Ok)));
        await rig.Client.SendAsync(new HttpMethod(method), "/requests/1", [], Cancel);
        rig.Zoho.Calls.Count.ShouldBe(2);
        rig.Sdp.Calls.Select(call => $"{call.Method} {call.Authorization![^1]}").ShouldBe([$"{method} 1", "GET 1", $"{method} 2"], "the second call is the probe");
    }

    [Fact]
    public async Task A_token_that_is_rejected_again_is_not_renewed_again()
    {
        using var rig = new Rig((_, _) => Task.FromResult(Wire.Json("{}", 401)));
        (await Should.ThrowAsync<SdpException>(() => rig.Client.SendAsync(HttpMethod.Post, "/requests/1", [], Cancel))).Failure.ShouldBe(SdpFailure.Unauthorized);
        rig.Zoho.Calls.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_rejection_that_no_other_path_explains_renews_the_token_once_in_five_minutes()
    {
        using var rig = new Rig((sent, _) => Task.FromResult(Wire.Json("{}", sent.Url.AbsolutePath.EndsWith("/requests", StringComparison.Ordinal) ? 401 : 500)));
        for (var call = 0; call < 3; call++) await FailAsync();
        rig.Zoho.Calls.Count.ShouldBe(2);
        rig.Clock.Advance(TimeSpan.FromMinutes(6));
        await FailAsync();
        rig.Zoho.Calls.Count.ShouldBe(3);

        async Task FailAsync() =>
            (await Should.ThrowAsync<SdpException>(() => rig.Client.SendAsync(HttpMethod.Post, "/requests", [], Cancel))).Failure.ShouldBe(SdpFailure.Unauthorized);
    }

    [Fact]
    public async Task An_instance_that_rejects_every_token_is_left_alone_for_a_growing_while_and_costs_few_of_them()
    {
        using var rig = new Rig((_, _) => Task.FromResult(Wire.Json("{}", 401)));
        await Should.ThrowAsync<SdpException>(() => rig.Client.SendAsync(HttpMethod.Get, "/requests", null, Cancel));
        var (sent, reads) = (rig.Sdp.Calls.Count, rig.Source.Reads);
        for (var call = 0; call < 100; call++)
        {
            var failure = await Should.ThrowAsync<TokenException>(() => rig.Client.SendAsync(HttpMethod.Get, "/requests", null, Cancel));
            (failure.State, failure.RetryAfter).ShouldBe((TokenState.Rejected, TimeSpan.FromMinutes(1)));
        }

        rig.Tokens.Status.State.ShouldBe(TokenState.Rejected);
        (rig.Sdp.Calls.Count, rig.Zoho.Calls.Count, rig.Source.Reads).ShouldBe((sent, 2, reads), "nobody is asked");
        List<int> asked = [];
        for (var minute = 0; minute < 60; minute++)
        {
            var before = rig.Zoho.Calls.Count;
            await Should.ThrowAsync<Exception>(() => rig.Client.SendAsync(HttpMethod.Get, "/requests", null, Cancel));
            if (rig.Zoho.Calls.Count > before) asked.Add(minute);
            rig.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        asked.ShouldBe([1, 3, 7, 15, 25, 35, 45, 55]);
    }

    [Fact]
    public async Task A_rejection_of_every_token_ends_with_the_credential_or_when_the_instance_comes_to_reason()
    {
        var rejects = true;
        using var rig = new Rig((_, _) => Task.FromResult(rejects ? Wire.Json("{}", 401) : Wire.Json(Rig.Ok)));
        await Should.ThrowAsync<SdpException>(() => rig.Client.SendAsync(HttpMethod.Get, "/requests", null, Cancel));
        rejects = false;
        await Should.ThrowAsync<TokenException>(() => rig.Client.SendAsync(HttpMethod.Get, "/requests", null, Cancel));
        rig.Clock.Advance(TimeSpan.FromMinutes(1));
        rig.Tokens.Status.State.ShouldBe(TokenState.Valid, "so that a pod that is not ready for want of a token gets calls again");
        await rig.Client.SendAsync(HttpMethod.Get, "/requests", null, Cancel);
        rejects = true;
        await Should.ThrowAsync<SdpException>(() => rig.Client.SendAsync(HttpMethod.Get, "/requests", null, Cancel));
        rejects = false;
        await rig.RotateAsync("v2");
        await rig.Client.SendAsync(HttpMethod.Get, "/requests", null, Cancel);
    }

    [Fact]
    public async Task A_scope_that_is_missing_on_one_path_does_not_stop_the_others_even_if_the_first_probe_proved_nothing()
    {
        var probes = 0;
        using var rig = new Rig((sent, _) => Task.FromResult(
            sent.Url.AbsolutePath.EndsWith("/technicians", StringComparison.Ordinal) ? Wire.Json("{}", 401)
            : ++probes == 1 ? Wire.Json("{}", 503) : Wire.Json(Rig.Ok)));
        (await Should.ThrowAsync<SdpException>(() => rig.Client.SendAsync(HttpMethod.Get, "/technicians", null, Cancel))).Failure.ShouldBe(SdpFailure.ScopeMissing);
        await rig.Client.SendAsync(HttpMethod.Get, "/requests", null, Cancel);
    }

    [Theory]
    [InlineData("GET", "/technicians")]
    [InlineData("POST", "/requests")]
    public async Task A_path_that_rejects_a_token_which_works_elsewhere_lacks_a_scope(string method, string path)
    {
        using var rig = new Rig((sent, _) => Task.FromResult(
            sent.Method.Method == method && sent.Url.AbsolutePath.EndsWith(path, StringComparison.Ordinal) ? Wire.Json("{}", 401) : Wire.Json(Rig.Ok)));
        (await Should.ThrowAsync<SdpException>(() => rig.Client.SendAsync(new HttpMethod(method), path, [], Cancel))).Failure.ShouldBe(SdpFailure.ScopeMissing);
        rig.Zoho.Calls.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("500")]
    [InlineData("429")]
    [InlineData("html")]
    [InlineData("reset")]
    public async Task A_probe_that_proves_nothing_does_not_keep_the_token_from_being_renewed(string probe)
    {
        using var rig = new Rig((sent, _) => sent.Authorization!.EndsWith('2') ? Task.FromResult(Wire.Json(Rig.Ok))
            : sent.Url.AbsolutePath.EndsWith("/requests", StringComparison.Ordinal) ? Answer(probe) : Task.FromResult(Wire.Json("{}", 401)));
        await rig.Client.SendAsync(HttpMethod.Get, "/requests/1", [], Cancel);
        rig.Zoho.Calls.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_write_on_its_way_is_seen_through_when_the_caller_leaves()
    {
        using var leaving = new CancellationTokenSource();
        var answer = new TaskCompletionSource<HttpResponseMessage>();
        using var rig = new Rig((_, end) => answer.Task.WaitAsync(end));
        await rig.Tokens.GetAsync(Cancel);
        var sending = rig.Client.SendAsync(HttpMethod.Post, "/requests", [], leaving.Token);
        await leaving.CancelAsync();
        sending.IsCompleted.ShouldBeFalse();
        answer.SetResult(Wire.Json(Rig.Ok));
        await sending;
    }

    [Fact]
    public async Task A_read_ends_when_the_caller_leaves()
    {
        using var leaving = new CancellationTokenSource();
        using var rig = new Rig((_, end) => Task.Delay(Timeout.Infinite, end).ContinueWith<HttpResponseMessage>(_ => throw new OperationCanceledException(end), TaskScheduler.Default));
        var sending = rig.Client.SendAsync(HttpMethod.Get, "/requests", [], leaving.Token);
        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => sending);
    }

    [Fact]
    public async Task A_caller_who_has_left_already_sends_nothing()
    {
        using var rig = new Rig();
        await rig.Tokens.GetAsync(Cancel);
        await Should.ThrowAsync<OperationCanceledException>(() => rig.Client.SendAsync(HttpMethod.Post, "/requests", [], new CancellationToken(true)));
        rig.Sdp.Calls.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("GET", 4)]
    [InlineData("POST", 1)]
    public async Task An_answer_that_does_not_come_is_not_waited_for_for_ever(string method, int calls)
    {
        using var rig = new Rig(async (_, end) =>
        {
            await Task.Delay(Timeout.Infinite, end);
            throw new InvalidOperationException("not reached");
        });
        var started = rig.Clock.GetUtcNow();
        var sending = rig.Client.SendAsync(new HttpMethod(method), "/requests/1", [], Cancel);
        (await Should.ThrowAsync<SdpException>(() => rig.RunAsync(sending, TimeSpan.FromSeconds(5)))).Failure.ShouldBe(SdpFailure.NoAnswer);
        rig.Sdp.Calls.Count.ShouldBe(calls);
        (rig.Clock.GetUtcNow() - started).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(method == "GET" ? 120 : 60));
    }

    [Fact]
    public async Task A_token_goes_only_to_the_instance_of_its_own_credential()
    {
        using var rig = new Rig();
        await rig.Client.SendAsync(HttpMethod.Get, "/requests", [], Cancel);
        await rig.RotateAsync("v2", "other.example.com");
        await rig.Client.SendAsync(HttpMethod.Get, "/requests", [], Cancel);
        rig.Sdp.Calls.Select(call => $"{call.Url.Host} {call.Authorization![^1]}").ShouldBe(["desk.example.com 1", "other.example.com 2"]);
    }

    [Fact]
    public async Task Half_a_character_in_an_answer_spoils_that_character_and_nothing_else()
    {
        var body = """{"response_status":{"status_code":2000},"a\udc00":"x","request":{"subject":"a\ud83d b\ud83d\ude00 \\ud83d \ud83d\ud83d\ude00 """ + "\u0001\"}}";
        var bytes = Encoding.UTF8.GetBytes(body).Select(b => b == 1 ? (byte)0xFF : b).ToArray();
        using var rig = new Rig((_, _) => Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(bytes) }));
        var answer = await rig.Client.SendAsync(HttpMethod.Post, "/requests", [], Cancel);
        answer.GetProperty("request").GetProperty("subject").GetString().ShouldBe("a\uFFFD b😀 \\ud83d \uFFFD😀 \uFFFD");
    }

    [Fact]
    public void Whatever_bytes_come_a_call_ends_in_success_or_a_failure_of_ours()
    {
        byte[][] pieces =
        [
            .. new[] { "{", "}", "[", "]", "\"response_status\":", "\"status_code\":2000", "{\"status_code\":2000}", "\"messages\":[{\"message\":\"\\ud800\"}]", ",", "\"", "\\u", "d800", "<html>", " ", "null", "1e999", "\\" }
                .Select(Encoding.UTF8.GetBytes),
            [0xFF], [0xEF, 0xBB, 0xBF], [0xED, 0xA0, 0x80], [0],
        ];
        Gen.Select(Gen.Int[0, pieces.Length - 1].Array[0, 10], Gen.Int[0, 5], Gen.Bool).Sample((picks, status, isRead) =>
        {
            var bytes = picks.SelectMany(pick => pieces[pick]).ToArray();
            using var rig = new Rig((_, _) => Task.FromResult(new HttpResponseMessage((HttpStatusCode)new[] { 200, 201, 204, 400, 404, 429 }[status]) { Content = new ByteArrayContent(bytes) }));
            try
            {
                rig.RunAsync(rig.Client.SendAsync(isRead ? HttpMethod.Get : HttpMethod.Post, "/requests/1", [], CancellationToken.None), Step).GetAwaiter().GetResult().GetRawText();
            }
            catch (SdpException failure)
            {
                _ = new Sidecar.Broker.Operations.FailureException(Sidecar.Broker.Operations.Translator.Translate(failure, Sidecar.Contract.Catalog.Current["GetRequest"])).Failure.ToRpc();
            }
        }, iter: 300);
    }

    private static Task<HttpResponseMessage> Answer(string failure) => failure switch
    {
        "reset" => Task.FromException<HttpResponseMessage>(new HttpRequestException("gone", new IOException())),
        "cut" => Task.FromException<HttpResponseMessage>(new IOException("cut")),
        "refused" => Task.FromException<HttpResponseMessage>(new HttpRequestException(HttpRequestError.ConnectionError)),
        "dns" => Task.FromException<HttpResponseMessage>(new HttpRequestException(HttpRequestError.NameResolutionError)),
        _ => Task.FromResult(failure switch
        {
            "500" => Wire.Json("{}", 500),
            "503" => Wire.Json("{}", 503),
            "html500" => Wire.Html("<html>", 502),
            "429" => Wire.Json("{}", 429),
            "4004" => Wire.Json("""{"response_status":{"status_code":4004}}"""),
            "4015" => Wire.Json("""{"response_status":{"status_code":4000,"messages":[{"status_code":4015}]}}""", 400),
            "4001" => Wire.Json("""{"response_status":{"status_code":4000,"messages":[{"status_code":4001}]}}""", 400),
            "3000" => Wire.Json("""{"response_status":{"status_code":3000}}"""),
            "garbage" => Wire.Json("{\"response_status\":{\"status_code\":20"),
            "empty" => Wire.Json("{}"),
            "html" => Wire.Html(" \n<html>log in</html>"),
            "302" => new HttpResponseMessage(HttpStatusCode.Redirect) { Headers = { Location = new Uri("https://evil.example.com") } },
            _ => throw new NotSupportedException(failure),
        }),
    };
}

using CsCheck;
using Shouldly;
using Sidecar.Broker.Tokens;
using Sidecar.Contract;
using Xunit;

namespace Sidecar.Tests.Unit.Broker;

/// <summary>What a broker leaves in its file for the next one, and that no number of restarts gets past Zoho's limit.</summary>
public class TokenMemoryTests
{
    private const string Refused = """{"error":"invalid_code"}""", Throttled = """{"error":"Access Denied","status":"failure"}""";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_a_restart_a_good_token_is_used_without_asking_for_one()
    {
        using var rig = new RestartRig();
        await rig.Tokens.GetAsync(Cancel);
        rig.Truth.Advance(TimeSpan.FromMinutes(30));
        rig.Restart();
        var token = await rig.Tokens.GetAsync(Cancel);
        token.Value.Reveal().ShouldBe("hush-token-1");
        (token.Expires - rig.Clock.SinceBoot()).ShouldBe(TimeSpan.FromMinutes(30));
        rig.Tokens.Status.Expires.ShouldBe(rig.Clock.GetUtcNow() + TimeSpan.FromMinutes(30));
        rig.Zoho.Calls.Count.ShouldBe(1);
        rig.Truth.Advance(TimeSpan.FromMinutes(29.6));
        rig.Restart();
        (await rig.Tokens.GetAsync(Cancel)).Value.Reveal().ShouldBe("hush-token-2");
    }

    [Fact]
    public async Task A_token_of_an_older_credential_is_not_used_after_a_restart()
    {
        using var rig = new RestartRig();
        await rig.Tokens.GetAsync(Cancel);
        rig.Source.Credential = HeldCredential.Version("v2");
        rig.Restart();
        (await rig.Tokens.GetAsync(Cancel)).Value.Reveal().ShouldBe("hush-token-2");
        rig.Source.Credential = HeldCredential.Version("v2") with { Version = "v3" };
        rig.Restart();
        (await rig.Tokens.GetAsync(Cancel)).Value.Reveal().ShouldBe("hush-token-3", "the refresh token is the same, the version is not");
    }

    [Fact]
    public async Task A_refusal_outlives_any_number_of_restarts_and_ends_with_the_credential()
    {
        using var rig = new RestartRig((sent, _) => Task.FromResult(sent.Body.Contains("refresh-v1", StringComparison.Ordinal) ? Wire.Json(Refused) : Wire.Json(Throttled)));
        for (var start = 0; start < 100; start++)
        {
            (await Should.ThrowAsync<TokenException>(() => rig.Tokens.GetAsync(Cancel))).State.ShouldBe(TokenState.Refused);
            rig.Truth.Advance(TimeSpan.FromHours(1));
            if (start % 10 == 5) rig.Reboot();
            else rig.Restart();
        }

        rig.Zoho.Calls.Count.ShouldBe(1);
        rig.Source.Credential = HeldCredential.Version("v2");
        rig.Restart();
        (await Should.ThrowAsync<TokenException>(() => rig.Tokens.GetAsync(Cancel))).State.ShouldBe(TokenState.CoolingDown);
    }

    [Fact]
    public async Task A_pause_that_zoho_asked_for_outlives_a_restart_and_belongs_to_the_refresh_token()
    {
        using var rig = new RestartRig((_, _) => Task.FromResult(Wire.Json(Throttled, 400)));
        await Should.ThrowAsync<TokenException>(() => rig.Tokens.GetAsync(Cancel));
        rig.Truth.Advance(TimeSpan.FromMinutes(4));
        rig.Restart();
        (await Should.ThrowAsync<TokenException>(() => rig.Tokens.GetAsync(Cancel))).RetryAfter.ShouldBe(TimeSpan.FromMinutes(6));
        rig.Source.Credential = HeldCredential.Version("v1") with { Version = "v2" };
        rig.Restart();
        (await Should.ThrowAsync<TokenException>(() => rig.Tokens.GetAsync(Cancel))).RetryAfter.ShouldBe(TimeSpan.FromMinutes(6), "Zoho counts by refresh token");
        rig.Zoho.Calls.Count.ShouldBe(1);
        rig.Source.Credential = HeldCredential.Version("other");
        rig.Restart();
        await Should.ThrowAsync<TokenException>(() => rig.Tokens.GetAsync(Cancel));
        rig.Zoho.Calls.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_broker_that_dies_with_every_request_on_its_way_makes_no_more_of_them_than_allowed()
    {
        using var rig = new RestartRig((_, _) => new TaskCompletionSource<HttpResponseMessage>().Task);
        for (var start = 0; start < 100; start++)
        {
            var before = rig.Zoho.Calls.Count;
            _ = rig.Tokens.RenewAheadAsync(Cancel);
            while (before < TokenMemory.Limit && rig.Zoho.Calls.Count == before) await Task.Delay(5, Cancel);
            rig.Truth.Advance(TimeSpan.FromSeconds(6));
            rig.Restart();
        }

        rig.Zoho.Calls.Count.ShouldBe(TokenMemory.Limit);
    }

    [Fact]
    public async Task Setting_the_clock_neither_brings_a_burst_nor_a_lock()
    {
        using var rig = new RestartRig((_, _) => Task.FromResult(Wire.Json("{}", 500)));
        foreach (var hours in new[] { 0, 5, -5, 100, -1000, 1, 0 })
        {
            for (var second = 0; second < 630; second += 10)
            {
                rig.Clock.WallError = TimeSpan.FromHours(hours);
                await Should.ThrowAsync<TokenException>(() => rig.Tokens.GetAsync(Cancel));
                rig.Truth.Advance(TimeSpan.FromSeconds(10));
                if (second % 70 == 0) rig.Restart();
            }

            var calls = rig.Zoho.Calls.Count;
            rig.Zoho.Calls.Clear();
            calls.ShouldBeInRange(TokenMemory.Limit - 1, TokenMemory.Limit, $"{hours} h");
        }
    }

    [Fact]
    public async Task Setting_the_clock_does_not_end_a_token_or_make_it_live_longer()
    {
        using var rig = new RestartRig();
        await rig.Tokens.GetAsync(Cancel);
        rig.Clock.WallError = TimeSpan.FromDays(300);
        (await rig.Tokens.GetAsync(Cancel)).Value.Reveal().ShouldBe("hush-token-1");
        rig.Clock.WallError = TimeSpan.FromDays(-300);
        rig.Restart();
        rig.Truth.Advance(TimeSpan.FromMinutes(61));
        (await rig.Tokens.GetAsync(Cancel)).Value.Reveal().ShouldBe("hush-token-2");
    }

    [Fact]
    public async Task After_a_start_of_the_machine_no_time_counts_as_passed_and_the_token_as_ended()
    {
        using var rig = new RestartRig();
        await rig.Tokens.GetAsync(Cancel);
        for (var boot = 0; boot < 20; boot++)
        {
            rig.Truth.Advance(TimeSpan.FromSeconds(20));
            rig.Reboot();
            await rig.Tokens.RenewAheadAsync(Cancel);
        }

        rig.Zoho.Calls.Count.ShouldBe(TokenMemory.Limit);
        rig.Tokens.Status.State.ShouldBe(TokenState.CoolingDown);
        rig.Truth.Advance(TokenMemory.Window);
        (await rig.Tokens.GetAsync(Cancel)).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("no JSON")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"format":2,"boot":"boot-0","saved":"00:00:00","calls":[]}""")]
    [InlineData("""{"format":1,"boot":"boot-0","saved":"00:00:00","calls":null}""")]
    [InlineData("""{"format":1,"boot":"boot-0","saved":"00:00:00","calls":[null]}""")]
    [InlineData("""{"format":1,"boot":"boot-0","saved":"00:00:00","calls":[{"grant":"x"}]}""")]
    [InlineData("""{"format":1,"boot":"boot-0","saved":"yesterday","calls":[]}""")]
    [InlineData("""{"format":1,"boot":"other","saved":"-10675199.02:48:05.4775808","calls":[]}""")]
    [InlineData("""{"format":1,"boot":"boot-0","saved":"00:00:00","calls":[],"token":{"credential":"x","value":7,"asked":"0","expires":"0"}}""")]
    [InlineData(null)]
    public async Task A_file_that_says_nothing_counts_as_the_limit_reached_and_that_once_only(string? content)
    {
        using var rig = new RestartRig();
        await File.WriteAllTextAsync(rig.Path, content ?? new string(' ', 1_000_000), Cancel);
        for (var start = 0; start < 3; start++)
        {
            rig.Restart();
            var failure = await Should.ThrowAsync<TokenException>(() => rig.Tokens.GetAsync(Cancel));
            failure.State.ShouldBe(TokenState.CoolingDown);
            failure.RetryAfter!.Value.ShouldBeLessThanOrEqualTo(TokenMemory.Window);
            rig.Truth.Advance(TokenMemory.Window / 3);
        }

        rig.Zoho.Calls.ShouldBeEmpty();
        rig.Restart();
        await rig.Tokens.GetAsync(Cancel);
    }

    [Fact]
    public async Task No_moment_in_a_file_locks_for_hours()
    {
        using var rig = new RestartRig((_, _) => Task.FromResult(Wire.Json(Throttled)));
        await Should.ThrowAsync<TokenException>(() => rig.Tokens.GetAsync(Cancel));
        var text = await File.ReadAllTextAsync(rig.Path, Cancel);
        var changed = System.Text.RegularExpressions.Regex.Replace(text, "\"(at|until)\": \"[^\"]*\"", "\"$1\": \"9999.00:00:00\"");
        changed.ShouldNotBe(text);
        await File.WriteAllTextAsync(rig.Path, changed, Cancel);
        rig.Restart();
        (await Should.ThrowAsync<TokenException>(() => rig.Tokens.GetAsync(Cancel))).RetryAfter.ShouldBe(TokenMemory.Window);
    }

    [Fact]
    public async Task On_a_volume_that_cannot_be_written_tokens_are_served_and_that_is_told()
    {
        using var rig = new RestartRig();
        rig.BreakVolume();
        rig.Truth.Advance(TimeSpan.FromMinutes(3));
        await rig.Tokens.GetAsync(Cancel);
        rig.Tokens.Status.State.ShouldBe(TokenState.Valid);
        rig.Tokens.Status.Problem.ShouldNotBeNull().ShouldContain("cannot be written");
        rig.MendVolume();
        rig.Truth.Advance(TimeSpan.FromMinutes(56));
        await rig.Tokens.RenewAheadAsync(Cancel);
        rig.Tokens.Status.Problem.ShouldBeNull();
        rig.Restart();
        (await rig.Tokens.GetAsync(Cancel)).Value.Reveal().ShouldBe("hush-token-2");
    }

    [Fact]
    public async Task A_request_that_cannot_be_written_down_waits_so_that_restarts_do_not_add_up()
    {
        using var rig = new RestartRig((_, _) => Task.FromResult(Wire.Json("{}", 500)));
        rig.BreakVolume();
        for (var start = 0; start < 100; start++)
        {
            await Should.ThrowAsync<TokenException>(() => rig.Tokens.GetAsync(Cancel));
            rig.Truth.Advance(TimeSpan.FromSeconds(6));
            rig.Restart();
        }

        rig.Zoho.Calls.ShouldBeEmpty("no process lived two minutes");
        rig.Truth.Advance(TimeSpan.FromSeconds(126));
        await Should.ThrowAsync<TokenException>(() => rig.Tokens.GetAsync(Cancel));
        rig.Zoho.Calls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_request_that_never_reached_zoho_does_not_count()
    {
        var down = true;
        RestartRig? rig = null;
        using var made = rig = new RestartRig((_, _) => down
            ? throw new HttpRequestException(HttpRequestError.ConnectionError)
            : Task.FromResult(rig!.NewToken()));
        for (var minute = 0; minute < 60; minute++)
        {
            await Should.ThrowAsync<TokenException>(() => rig.Tokens.GetAsync(Cancel));
            rig.Tokens.Status.State.ShouldBe(TokenState.Unreachable);
            rig.Truth.Advance(TimeSpan.FromMinutes(1));
        }

        down = false;
        (await rig.Tokens.GetAsync(Cancel)).ShouldNotBeNull();
    }

    [Fact]
    public void Whatever_happens_zoho_sees_at_most_ten_requests_in_ten_minutes() => Gen.Int[0, int.MaxValue].Sample(seed =>
    {
        var random = new Random(seed);
        var asked = new List<(string Grant, DateTimeOffset At)>();
        RestartRig? rig = null;
        using var made = rig = new RestartRig((sent, end) =>
        {
            if (random.Next(8) == 0) throw new HttpRequestException(HttpRequestError.ConnectionError);
            asked.Add((sent.Body.Split("refresh_token=")[1], rig!.Truth.GetUtcNow()));
            return Task.FromResult(random.Next(7) switch
            {
                0 => Wire.Json("{}", 503),
                1 when random.Next(4) == 0 => Wire.Json(Throttled),
                2 => rig.NewToken(random.Next(1, 400)),
                3 when random.Next(4) == 0 => Wire.Json(Refused),
                4 => throw new HttpRequestException(HttpRequestError.ResponseEnded),
                _ => rig.NewToken(),
            });
        });
        AccessToken? last = null;
        var broken = false;
        for (var step = 0; step < 200; step++)
        {
            try
            {
                switch (random.Next(12))
                {
                    case 0 or 1: rig.Truth.Advance(TimeSpan.FromSeconds(random.Next(1, 200))); break;
                    case 2: rig.Clock.WallError = TimeSpan.FromMinutes(random.Next(-2000, 2000)); break;
                    case 3 or 4: rig.Restart(); break;
                    case 5 when random.Next(5) == 0: rig.Reboot(); break;
                    case 6 when random.Next(10) == 0 && !broken: File.WriteAllText(rig.Path, "?"); rig.Restart(); break;
                    // For good: what nobody wrote down before a restart cannot count after it.
                    case 6 when random.Next(20) == 0 && !broken: rig.BreakVolume(); broken = true; break;
                    case 7: rig.Source.Credential = HeldCredential.Version($"v{random.Next(2)}") with { Version = $"version-{step}" }; Done(rig.Store.RefreshAsync(true, Cancel)); break;
                    case 8 or 9 when last is not null: last = Done(rig.Tokens.RenewAsync(last, Cancel)); break;
                    case 10: Done(rig.Tokens.RenewAheadAsync(Cancel).ContinueWith(_ => true, TaskScheduler.Default)); break;
                    default: last = Done(rig.Tokens.GetAsync(Cancel)); break;
                }
            }
            catch (TokenException)
            {
            }
        }

        foreach (var grant in asked.GroupBy(call => call.Grant, call => call.At))
            foreach (var end in grant) grant.Count(time => time <= end && end - time < TimeSpan.FromMinutes(10)).ShouldBeLessThanOrEqualTo(10);

        // A caller may wait, and time does not pass of itself.
        T Done<T>(Task<T> task)
        {
            while (!((IAsyncResult)task).AsyncWaitHandle.WaitOne(20)) rig.Truth.Advance(TimeSpan.FromSeconds(1));
            return task.GetAwaiter().GetResult();
        }
    }, iter: 200);
}

using System.Net;
using System.Text.Json.Nodes;
using Shouldly;
using Sidecar.Contract;
using Sidecar.Contract.Sdp;
using Sidecar.Shim.Access;
using Sidecar.Simulator;
using Xunit;

namespace Sidecar.Tests.Unit.Shim.Entra;

/// <summary>Invariant 6, with Entra ID: whose token opens the shim, and what everybody else is told.</summary>
public sealed class TokenTests(EntraStage stage) : IClassFixture<EntraStage>
{
    private static readonly string[] Upns = [EntraStage.Ada, "Ada@Example.COM"];

    [Fact]
    public async Task The_owners_token_opens_the_shim_and_the_broker_is_told_who_calls_and_nothing_else_of_it()
    {
        var port = RunningShim.FreePort();
        await using var broker = await ScriptedBroker.StartAsync(port);
        broker.Answer = (_, _) => Task.FromResult<Google.Protobuf.IMessage>(new Request { Subject = "x" });
        await using var shim = await stage.StartShimAsync(("Shim:Broker", $"http://127.0.0.1:{port}"));
        var token = stage.Token();
        (await EntraStage.AskAsync(shim, token)).Status.ShouldBe(HttpStatusCode.OK);

        shim.Http.DefaultRequestHeaders.Add("Authorization", $"Bearer {token}");
        await shim.CallAsync(RunningShim.Modern, "create_request", new JsonObject { ["subject"] = "x" });
        broker.LastHeaders.GetValue(FailureInfo.CallerHeader).ShouldBe(stage.Tenant.ObjectIdOf(EntraStage.Ada));
        broker.LastHeaders.ShouldNotContain(header => header.Value.Contains(token, StringComparison.Ordinal));
        broker.LastHeaders.ShouldNotContain(header => header.Key == "authorization");
    }

    [Theory]
    [InlineData(EntraTokenKind.Version1, 401, "requestedAccessTokenVersion")]
    [InlineData(EntraTokenKind.OtherTenant, 401, "another tenant")]
    [InlineData(EntraTokenKind.OtherAudience, 401, "another application")]
    [InlineData(EntraTokenKind.Expired, 401, "has expired")]
    [InlineData(EntraTokenKind.NotYetValid, 401, "not valid yet")]
    [InlineData(EntraTokenKind.AlgNone, 401, "not signed with RS256")]
    [InlineData(EntraTokenKind.Hs256, 401, "not signed with RS256")]
    [InlineData(EntraTokenKind.UnknownKey, 401, "does not publish")]
    [InlineData(EntraTokenKind.KidOfAnother, 401, "signature of the token does not fit")]
    [InlineData(EntraTokenKind.Tampered, 401, "signature of the token does not fit")]
    [InlineData(EntraTokenKind.AppOnly, 403, "names no permission")]
    [InlineData(EntraTokenKind.IdToken, 403, "names no permission")]
    [InlineData(EntraTokenKind.WrongScope, 403, "lacks the permission")]
    [InlineData(EntraTokenKind.OtherUser, 403, "another person")]
    [InlineData(EntraTokenKind.Guest, 403, "another person")]
    public async Task Every_other_token_is_refused_for_its_own_reason(EntraTokenKind kind, int status, string reason)
    {
        await using var shim = await stage.StartShimAsync();
        var token = stage.Token(kind);
        var reply = await EntraStage.AskAsync(shim, token);
        ((int)reply.Status).ShouldBe(status, reply.Body);
        reply.Body.ShouldContain(reason);
        if (status == 401) reply.Challenge.ShouldContain($"resource_metadata=\"{shim.Http.BaseAddress}.well-known/oauth-protected-resource/mcp\"");
        if (status == 401) reply.Challenge.ShouldContain("error=\"invalid_token\", error_description=\"The ");
        if (kind is EntraTokenKind.WrongScope) reply.Challenge.ShouldContain($"scope=\"api://{stage.Audience}/access_as_user\", error=\"insufficient_scope\"");

        // A sign-in would not make another person of them, so a client is not asked for one.
        if (kind is EntraTokenKind.OtherUser or EntraTokenKind.Guest) reply.Challenge.ShouldBeEmpty();
        foreach (var part in token.Split('.').Where(part => part.Length > 0)) (reply.Headers + reply.Body).ShouldNotContain(part);
    }

    [Fact]
    public void No_kind_of_wrong_token_is_left_out_above() => typeof(TokenTests).GetMethod(nameof(Every_other_token_is_refused_for_its_own_reason))!
        .GetCustomAttributes(false).OfType<InlineDataAttribute>().Select(row => (EntraTokenKind)row.Data[0]!).Append(EntraTokenKind.Good)
        .ShouldBe(Enum.GetValues<EntraTokenKind>(), ignoreOrder: true);

    [Fact]
    public async Task An_owner_known_by_principal_name_is_told_by_the_claim_upn_alone()
    {
        foreach (var owner in Upns)
        {
            await using var shim = await stage.StartShimAsync(("Shim:Access:Entra:Owner", owner));
            (await EntraStage.AskAsync(shim, stage.Token(upn: true))).Status.ShouldBe(HttpStatusCode.OK);

            // preferred_username is there and is Ada's.
            var without = await EntraStage.AskAsync(shim, stage.Token());
            without.Status.ShouldBe(HttpStatusCode.Forbidden);
            without.Body.ShouldContain("optional claim upn");

            foreach (var kind in new[] { EntraTokenKind.Guest, EntraTokenKind.OtherUser })
            {
                (await EntraStage.AskAsync(shim, stage.Token(kind, upn: true))).Status.ShouldBe(HttpStatusCode.Forbidden);
                (await EntraStage.AskAsync(shim, stage.Token(kind))).Status.ShouldBe(HttpStatusCode.Forbidden);
            }
        }
    }

    [Fact]
    public async Task Whoever_shows_nothing_is_told_where_to_sign_in()
    {
        await using var shim = await stage.StartShimAsync();
        var reply = await EntraStage.AskAsync(shim, null);
        reply.Status.ShouldBe(HttpStatusCode.Unauthorized);
        reply.Challenge.ShouldBe(
            $"Bearer realm=\"servicedesk-plus\", resource_metadata=\"{shim.Http.BaseAddress}.well-known/oauth-protected-resource/mcp\", scope=\"api://{stage.Audience}/access_as_user\"");
        reply.Body.ShouldContain("Sign in with Entra ID");
        reply.Body.ShouldNotContain("API key");
    }

    [Fact]
    public async Task Keys_and_tokens_open_side_by_side_and_each_is_judged_by_its_own()
    {
        var key = ApiKey.Generate();
        await using var shim = await stage.StartShimAsync(FrontDoorTests.Key("laptop", key));
        (await EntraStage.AskAsync(shim, key)).Status.ShouldBe(HttpStatusCode.OK);
        (await EntraStage.AskAsync(shim, stage.Token())).Status.ShouldBe(HttpStatusCode.OK);
        (await EntraStage.AskAsync(shim, null, request => request.Headers.Add("X-API-Key", key))).Status.ShouldBe(HttpStatusCode.OK);

        var wrong = await EntraStage.AskAsync(shim, key + "x");
        wrong.Status.ShouldBe(HttpStatusCode.Unauthorized);
        wrong.Body.ShouldContain("API key is not known");
        wrong.Challenge.ShouldContain("resource_metadata=");

        // A good token does not make up for a wrong key, nor a token in the key's place.
        (await EntraStage.AskAsync(shim, stage.Token(), request => request.Headers.Add("X-API-Key", "wrong"))).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await EntraStage.AskAsync(shim, null, request => request.Headers.Add("X-API-Key", stage.Token()))).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await EntraStage.AskAsync(shim, null)).Body.ShouldContain("X-API-Key");
    }

    [Theory]
    [InlineData("eyJhbGciOiJSUzI1NiJ9.e30.")]
    [InlineData("eyJ.eyJ.eyJ")]
    [InlineData("..")]
    [InlineData("eyJ....")]
    [InlineData("sdpshim_AAAA")]
    [InlineData("x y")]
    public async Task What_is_no_token_is_refused_like_a_bad_one(string text)
    {
        await using var shim = await stage.StartShimAsync();
        var reply = await EntraStage.AskAsync(shim, text);
        reply.Status.ShouldBe(HttpStatusCode.Unauthorized);
        reply.Challenge.ShouldContain("error=\"invalid_token\"");
    }

    [Fact]
    public async Task However_much_is_logged_no_token_is()
    {
        var log = new LogLines();
        await using var shim = await RunningShim.StartAsync(log, stage.Settings(("Logging:LogLevel:Default", "Trace"), ("Logging:LogLevel:Microsoft", "Trace"), ("Logging:Lines:LogLevel:Default", "Trace")));
        var tokens = Enum.GetValues<EntraTokenKind>().Select(kind => stage.Token(kind)).ToList();
        foreach (var token in tokens) await EntraStage.AskAsync(shim, token);

        log.All.ShouldContain(line => line.Contains("Refused a caller", StringComparison.Ordinal) && line.Contains("another person", StringComparison.Ordinal));
        log.All.Count.ShouldBeGreaterThan(50, "the server's own log at Trace is among it");

        // The header is the same for most of them and says nothing; the other two parts are what opens.
        foreach (var part in tokens.SelectMany(token => token.Split('.')[1..]).Where(part => part.Length > 0))
            log.All.ShouldNotContain(line => line.Contains(part, StringComparison.Ordinal));
        log.All.ShouldNotContain(line => line.Contains(EntraStage.Ada, StringComparison.OrdinalIgnoreCase));
    }
}

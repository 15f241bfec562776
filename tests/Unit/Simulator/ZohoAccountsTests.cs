using System.Net;
using Shouldly;
using Sidecar.Simulator;
using Xunit;

namespace Sidecar.Tests.Unit.Simulator;

public sealed class ZohoAccountsTests : IClassFixture<SimulatorFixture>
{
    private readonly SimulatorFixture _sim;

    public ZohoAccountsTests(SimulatorFixture sim)
    {
        _sim = sim;
        _sim.Reset();
    }

    [Fact]
    public async Task A_refresh_answers_an_access_token_and_no_refresh_token()
    {
        var reply = await _sim.Token();
        reply.Status.ShouldBe(HttpStatusCode.OK);
        ((string)reply.Json["access_token"]!).ShouldMatch("^1000\\.[0-9a-f]+\\.[0-9a-f]+$");
        ((int)reply.Json["expires_in"]!).ShouldBe(3600);
        ((string)reply.Json["api_domain"]!).ShouldBe("https://www.zohoapis.com");
        reply.Json.ContainsKey("refresh_token").ShouldBeFalse();
    }

    [Fact]
    public async Task Parameters_are_taken_from_the_query_as_well()
    {
        var credential = _sim.User.Credential;
        var query = $"?grant_type=refresh_token&client_id={credential.ClientId}&client_secret={credential.ClientSecret}&refresh_token={credential.RefreshToken}";
        var reply = await _sim.Send(new HttpRequestMessage(HttpMethod.Post, new Uri(_sim.Host.AccountsUrl, "/oauth/v2/token" + query)));
        reply.Json.ContainsKey("access_token").ShouldBeTrue();
    }

    [Theory]
    [InlineData("client_id", "invalid_client")]
    [InlineData("client_secret", "invalid_client_secret")]
    [InlineData("refresh_token", "invalid_code")]
    public async Task Errors_come_with_status_200(string wrongField, string error)
    {
        var reply = await _sim.Token(other: new() { [wrongField] = "wrong" });
        reply.Status.ShouldBe(HttpStatusCode.OK);
        ((string)reply.Json["error"]!).ShouldBe(error);
    }

    [Fact]
    public async Task A_grant_code_gives_a_refresh_token_once()
    {
        var code = new Dictionary<string, string> { ["code"] = _sim.User.GrantCode };
        var first = await _sim.Token(grantType: "authorization_code", other: code);
        first.Json.ContainsKey("refresh_token").ShouldBeTrue();
        var second = await _sim.Token(grantType: "authorization_code", other: code);
        ((string)second.Json["error"]!).ShouldBe("invalid_code");
    }

    [Fact]
    public async Task The_eleventh_token_in_ten_minutes_is_refused_until_they_are_over()
    {
        for (var i = 0; i < 10; i++)
            (await _sim.Token()).Json.ContainsKey("access_token").ShouldBeTrue();

        var refused = await _sim.Token();
        refused.Status.ShouldBe(HttpStatusCode.BadRequest);
        ((string)refused.Json["status"]!).ShouldBe("failure");
        refused.Json.ContainsKey("access_token").ShouldBeFalse();

        _sim.Host.Clock.Advance(TimeSpan.FromMinutes(9));
        (await _sim.Token()).Json.ContainsKey("access_token").ShouldBeFalse();
        _sim.Host.Clock.Advance(TimeSpan.FromMinutes(1));
        (await _sim.Token()).Json.ContainsKey("access_token").ShouldBeTrue();
    }

    [Fact]
    public async Task The_throttle_can_come_with_status_200_and_in_another_language()
    {
        _sim.Host.Accounts.Switches = new AccountsSwitches { ThrottleLimit = 0, ThrottleStatus = 200, ThrottleLocalised = true, ThrottleSeconds = 60 };
        var refused = await _sim.Token();
        refused.Status.ShouldBe(HttpStatusCode.OK);
        ((string)refused.Json["status"]!).ShouldBe("failure");
        ((string)refused.Json["error"]!).ShouldNotContain("Access");
    }

    [Fact]
    public async Task One_live_token_too_many_ends_the_oldest()
    {
        _sim.Host.Accounts.Switches = new AccountsSwitches { LiveTokens = 2 };
        var oldest = await _sim.AccessToken(_sim.User);
        await _sim.AccessToken(_sim.User);
        (await _sim.Get("/requests", token: oldest)).Status.ShouldBe(HttpStatusCode.OK);
        var newest = await _sim.AccessToken(_sim.User);
        (await _sim.Get("/requests", token: oldest)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await _sim.Get("/requests", token: newest)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_revoked_refresh_token_is_an_invalid_code_and_its_access_tokens_die()
    {
        var token = await _sim.AccessToken(_sim.User);
        var revoke = new FormUrlEncodedContent([new("token", _sim.User.Credential.RefreshToken)]);
        await _sim.Send(new HttpRequestMessage(HttpMethod.Post, new Uri(_sim.Host.AccountsUrl, "/oauth/v2/token/revoke")) { Content = revoke });
        ((string)(await _sim.Token()).Json["error"]!).ShouldBe("invalid_code");
        (await _sim.Get("/requests", token: token)).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task An_access_token_lives_an_hour_of_the_simulators_clock()
    {
        var token = await _sim.AccessToken(_sim.User);
        _sim.Host.Clock.Advance(TimeSpan.FromMinutes(59));
        (await _sim.Get("/requests", token: token)).Status.ShouldBe(HttpStatusCode.OK);
        _sim.Host.Clock.Advance(TimeSpan.FromMinutes(2));
        var expired = await _sim.Get("/requests", token: token);
        expired.Status.ShouldBe(HttpStatusCode.Unauthorized);
        ((int)expired.Message["status_code"]!).ShouldBe(4022);
    }

    [Fact]
    public async Task User_info_tells_whose_token_it_is()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_sim.Host.AccountsUrl, "/oauth/user/info"));
        request.Headers.Authorization = new("Zoho-oauthtoken", await _sim.AccessToken());
        ((string)(await _sim.Send(request)).Json["Email"]!).ShouldBe(_sim.User.TechnicianEmail);
    }
}

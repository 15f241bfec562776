using System.Net;
using System.Text.Json.Nodes;
using Shouldly;
using Sidecar.Simulator;
using Xunit;

namespace Sidecar.Tests.Unit.Simulator;

/// <summary>What a person does in the API console, the limits on refresh tokens, and how one ends.</summary>
public sealed class ZohoConsoleTests : IClassFixture<SimulatorFixture>
{
    private static readonly string[] SomeScopes = ["SDPOnDemand.requests.ALL"];

    private readonly SimulatorFixture _sim;

    public ZohoConsoleTests(SimulatorFixture sim)
    {
        _sim = sim;
        _sim.Reset();
    }

    private Task<Reply> Control(string method, string path, string? body = null) =>
        _sim.Send(new HttpRequestMessage(new HttpMethod(method), new Uri(_sim.Host.ControlUrl, path)) { Content = body is null ? null : new StringContent(body) });

    private Task<Reply> Accounts(string path, params (string Name, string Value)[] form) => _sim.Send(
        new HttpRequestMessage(HttpMethod.Post, new Uri(_sim.Host.AccountsUrl, path)) { Content = new FormUrlEncodedContent(form.Select(field => KeyValuePair.Create(field.Name, field.Value))) });

    private Task<Reply> Exchange(string id, string secret, string code) =>
        Accounts("/oauth/v2/token", ("grant_type", "authorization_code"), ("client_id", id), ("client_secret", secret), ("code", code));

    [Fact]
    public async Task A_self_client_and_its_code_come_over_the_control_api()
    {
        var made = await Control("POST", "/_sim/clients", """{"kind":"self","portal":"hr"}""");
        made.Status.ShouldBe(HttpStatusCode.OK, made.Body);
        var (id, secret) = ((string)made.Json["client_id"]!, (string)made.Json["client_secret"]!);
        var email = _sim.Host.Instances["hr"].TechnicianEmails[1];
        var code = await Control("POST", $"/_sim/clients/{id}/codes", $$"""{"scopes":["SDPOnDemand.requests.READ"],"email":"{{email}}","minutes":3}""");
        var reply = await Exchange(id, secret, (string)code.Json["code"]!);
        var token = _sim.Host.Accounts.RefreshTokens.Single(one => one.Value == (string?)reply.Json["refresh_token"]);
        (token.Email, token.Portal).ShouldBe((email, "hr"));

        var late = (string)(await Control("POST", $"/_sim/clients/{id}/codes", """{"scopes":["SDPOnDemand.requests.READ"],"minutes":3}""")).Json["code"]!;
        _sim.Host.Clock.Advance(TimeSpan.FromMinutes(3.1));
        ((string)(await Exchange(id, secret, late)).Json["error"]!).ShouldBe("invalid_code");
    }

    [Theory]
    [InlineData("""{"scopes":[]}""")]
    [InlineData("""{"scopes":["SDPOnDemand.kitchen.READ"]}""")]
    [InlineData("""{"scopes":["SDPOnDemand.requests.READ"],"minutes":2}""")]
    [InlineData("""{"scopes":["SDPOnDemand.requests.READ"],"minutes":11}""")]
    [InlineData("""{"scopes":["SDPOnDemand.requests.READ"],"email":"nobody@example.com"}""")]
    public async Task The_console_refuses_what_cannot_be_granted(string wish)
    {
        var client = _sim.Host.AddClient(new ClientWish { Kind = ClientKind.Self });
        (await Control("POST", $"/_sim/clients/{client.ClientId}/codes", wish)).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("""{"kind":"server"}""")]
    [InlineData("""{"kind":"server","redirect_uris":["callback"]}""")]
    [InlineData("""{"kind":"self","redirect_uris":["http://127.0.0.1:1/"]}""")]
    [InlineData("""{"kind":"self","portal":"premises"}""")]
    [InlineData("{}")]
    public async Task A_client_is_registered_as_its_kind_demands(string wish) =>
        (await Control("POST", "/_sim/clients", wish)).Status.ShouldBe(HttpStatusCode.BadRequest);

    [Fact]
    public void An_eleventh_code_in_ten_minutes_is_refused()
    {
        var client = _sim.Host.AddClient(new ClientWish { Kind = ClientKind.Self });
        string Code() => _sim.Host.AddCode(client.ClientId, new CodeWish { Scopes = SomeScopes });
        for (var code = 0; code < 10; code++)
            Code();
        Should.Throw<InvalidOperationException>(Code).Message.ShouldBe("access_denied");
        _sim.Host.Clock.Advance(TimeSpan.FromMinutes(10));
        Code().ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_sixth_refresh_token_in_a_minute_is_too_many_and_costs_the_code()
    {
        var client = _sim.Host.AddClient(new ClientWish { Kind = ClientKind.Self });
        async Task<Reply> MakeAsync(string? email = null) =>
            await Exchange(client.ClientId, client.ClientSecret, _sim.Host.AddCode(client.ClientId, new CodeWish { Scopes = SomeScopes, Email = email }));
        for (var token = 0; token < 5; token++)
            (await MakeAsync()).Json.ContainsKey("refresh_token").ShouldBeTrue();
        var before = _sim.Host.Accounts.RefreshTokens.Count;
        var code = _sim.Host.AddCode(client.ClientId, new CodeWish { Scopes = SomeScopes });
        var refused = await Exchange(client.ClientId, client.ClientSecret, code);
        refused.Status.ShouldBe(HttpStatusCode.BadRequest);
        ((string)refused.Json["status"]!).ShouldBe("failure");
        _sim.Host.Accounts.RefreshTokens.Count.ShouldBe(before, "no token that nobody was told of");
        (await MakeAsync(_sim.Desk.TechnicianEmails[5])).Json.ContainsKey("refresh_token").ShouldBeTrue("another user has a limit of their own");

        _sim.Host.Clock.Advance(TimeSpan.FromMinutes(1));
        ((string)(await Exchange(client.ClientId, client.ClientSecret, code)).Json["error"]!).ShouldBe("invalid_code");
        (await MakeAsync()).Json.ContainsKey("refresh_token").ShouldBeTrue();
    }

    [Fact]
    public async Task One_refresh_token_too_many_ends_the_oldest_and_its_access_tokens()
    {
        _sim.Host.Accounts.Switches = new AccountsSwitches { RefreshTokens = 2 };
        var client = _sim.Host.AddClient(new ClientWish { Kind = ClientKind.Self });
        List<JsonObject> made = [];
        for (var token = 0; token < 3; token++)
            made.Add((await Exchange(client.ClientId, client.ClientSecret, _sim.Host.AddCode(client.ClientId, new CodeWish { Scopes = SomeScopes }))).Json);
        _sim.Host.Accounts.RefreshTokens.Where(token => token.ClientId == client.ClientId).Select(token => token.Revoked).ShouldBe([true, false, false]);
        (await _sim.Get("/requests", token: (string)made[0]["access_token"]!)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await _sim.Get("/requests", token: (string)made[1]["access_token"]!)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(RevokePath.TokenRevoke, "/oauth/v2/token/revoke", "/oauth/v2/revoke/token")]
    [InlineData(RevokePath.RevokeToken, "/oauth/v2/revoke/token", "/oauth/v2/token/revoke")]
    public async Task One_path_revokes_and_the_other_is_not_found(RevokePath which, string path, string other)
    {
        _sim.Host.Accounts.Switches = new AccountsSwitches { RevokePath = which };
        var leaver = _sim.Host.AddUser(new UserWish { Email = _sim.Desk.TechnicianEmails[2] });
        var access = await _sim.AccessToken(leaver);
        var refresh = leaver.Credential.RefreshToken;
        (await Accounts(other, ("token", refresh))).Status.ShouldBe(HttpStatusCode.NotFound);
        (await _sim.Get("/requests", token: access)).Status.ShouldBe(HttpStatusCode.OK);

        var revoked = await Accounts($"{path}?token={refresh}");
        revoked.Status.ShouldBe(HttpStatusCode.OK, revoked.Body);
        (await _sim.Get("/requests", token: access)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        ((string)(await _sim.Token(leaver)).Json["error"]!).ShouldBe("invalid_code");
        (await _sim.Token()).Json.ContainsKey("access_token").ShouldBeTrue("nobody else lost anything");
        _sim.Host.Accounts.RefreshTokens.Where(token => token.Revoked).Select(token => token.Value).ShouldBe([refresh]);
        foreach (var unknown in new[] { refresh, "1000.unknown", "" })
            ((string)(await Accounts(path, ("token", unknown))).Json["error"]!).ShouldBe("invalid_token");
    }

    [Fact]
    public async Task An_access_token_is_revoked_alone()
    {
        var access = await _sim.AccessToken(_sim.User);
        (await Accounts("/oauth/v2/token/revoke", ("token", access))).Status.ShouldBe(HttpStatusCode.OK);
        (await _sim.Get("/requests", token: access)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await _sim.Token()).Json.ContainsKey("access_token").ShouldBeTrue();
    }

    [Fact]
    public async Task Refresh_tokens_are_listed_by_technician_and_number_without_their_values()
    {
        var other = _sim.Host.AddUser(new UserWish { Email = _sim.Desk.TechnicianEmails[2] });
        await _sim.Token(other);
        await Accounts("/oauth/v2/token/revoke", ("token", _sim.User.Credential.RefreshToken));
        var reply = await Control("GET", "/_sim/tokens/refresh");
        var listed = JsonNode.Parse(reply.Body)!.AsArray();
        JsonNode Of(string email) => listed.Single(one => (string?)one!["email"] == email)!;
        ((int)Of(_sim.User.TechnicianEmail)["live"]!).ShouldBe(0);
        ((int)Of(other.TechnicianEmail)["live"]!).ShouldBe(1);
        ((int)Of(other.TechnicianEmail)["tokens"]![0]!["live_access_tokens"]!).ShouldBe(1);
        foreach (var token in _sim.Host.Accounts.RefreshTokens)
        {
            reply.Body.ShouldNotContain(token.Value);
            token.ToString().ShouldNotContain(token.Value);
        }
    }
}

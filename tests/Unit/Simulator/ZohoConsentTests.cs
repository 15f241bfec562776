using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Shouldly;
using Sidecar.Simulator;
using Xunit;

namespace Sidecar.Tests.Unit.Simulator;

public sealed partial class ZohoConsentTests : IClassFixture<SimulatorFixture>
{
    private const string Callback = "http://127.0.0.1:8123/callback";
    private const string Verifier = "a-verifier-of-forty-three-characters-or-more-0";

    private readonly SimulatorFixture _sim;
    private readonly SimulatedClient _client;

    public ZohoConsentTests(SimulatorFixture sim)
    {
        _sim = sim;
        _sim.Reset();
        _client = _sim.Host.AddClient(new ClientWish { Kind = ClientKind.Server, Name = "Sidecar <onboarding>", RedirectUris = [Callback] });
    }

    [Fact]
    public async Task The_page_says_who_asks_for_what_and_lets_the_technician_be_chosen()
    {
        var page = await AskAsync();
        page.Status.ShouldBe(HttpStatusCode.OK, page.Body);
        page.MediaType.ShouldBe("text/html");
        page.Body.ShouldContain("Sidecar &lt;onboarding&gt;");
        page.Body.ShouldContain("<code>SDPOnDemand.requests.READ</code>");
        page.Body.ShouldContain("<code>AaaServer.profile.READ</code>");
        foreach (var email in _sim.Desk.TechnicianEmails)
            page.Body.ShouldContain($"<option value=\"{email}\"");
        page.Body.ShouldContain($"<option value=\"{_client.TechnicianEmail}\" selected>");
        foreach (var id in new[] { "technician", "accept", "reject" })
            page.Body.ShouldContain($"id=\"{id}\"");
    }

    [Fact]
    public async Task Accepting_sends_a_code_that_gives_a_refresh_token_of_the_technician_chosen()
    {
        var chosen = _sim.Desk.TechnicianEmails[3];
        var back = await DecideAsync(await AskAsync(), "accept", chosen);
        back["state"].ShouldBe("a state&more");
        back["location"].ShouldBe("us");
        back["accounts-server"].ShouldBe(_sim.Host.AccountsUrl.OriginalString);
        var reply = await ExchangeAsync(back["code"]);
        var refresh = (string)reply.Json["refresh_token"]!;
        ((string)reply.Json["access_token"]!).ShouldNotBe(refresh);
        var made = _sim.Host.Accounts.RefreshTokens.Single(token => token.Value == refresh);
        (made.Email, made.ClientId, made.Revoked, made.LiveAccessTokens).ShouldBe((chosen, _client.ClientId, false, 1));
        made.Scopes.ShouldBe(["SDPOnDemand.requests.READ", "AaaServer.profile.READ"]);
        ((string)(await ExchangeAsync(back["code"])).Json["error"]!).ShouldBe("invalid_code", "a code is good once");
    }

    [Fact]
    public async Task Rejecting_sends_access_denied_and_grants_nothing()
    {
        var before = _sim.Host.Accounts.RefreshTokens.Count;
        var back = await DecideAsync(await AskAsync(), "reject");
        back.ShouldBe(new Dictionary<string, string> { ["error"] = "access_denied", ["state"] = "a state&more" }, ignoreOrder: true);
        _sim.Host.Accounts.RefreshTokens.Count.ShouldBe(before);
    }

    [Theory]
    [InlineData("client_id", "1000.NOBODY", "client ID")]
    [InlineData("redirect_uri", "http://127.0.0.1:8124/callback", "redirect URI")]
    [InlineData("redirect_uri", "https://example.com/", "redirect URI")]
    [InlineData("redirect_uri", "", "redirect URI")]
    [InlineData("scope", "", "scope")]
    [InlineData("scope", "SDPOnDemand.requests.READ,SDPOnDemand.kitchen.READ", "scope")]
    [InlineData("scope", "SDPOnDemand.requests.STEAL", "scope")]
    [InlineData("response_type", "token", "response type")]
    [InlineData("code_challenge_method", "S512", "challenge method")]
    public async Task What_was_asked_wrongly_is_a_page_and_never_a_redirect(string parameter, string value, string what)
    {
        var page = await AskAsync((parameter, value));
        page.Status.ShouldBe(HttpStatusCode.BadRequest);
        page.MediaType.ShouldBe("text/html");
        page.Headers.ContainsKey("Location").ShouldBeFalse();
        page.Body.ShouldContain("id=\"error\"");
        page.Body.ShouldContain(what);
        page.Body.ShouldNotContain("id=\"accept\"");
    }

    [Fact]
    public async Task A_self_client_has_no_consent_page()
    {
        var own = _sim.Host.AddClient(new ClientWish { Kind = ClientKind.Self });
        (await AskAsync(("client_id", own.ClientId))).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Scopes_may_be_parted_by_spaces_too() =>
        (await AskAsync(("scope", "SDPOnDemand.requests.READ AaaServer.profile.READ"))).Body.ShouldContain("<code>AaaServer.profile.READ</code>");

    [Fact]
    public async Task A_page_is_answered_once_and_by_a_technician_of_the_portal()
    {
        var page = await AskAsync();
        (await PostAsync(page, "accept", "nobody@example.com")).Status.ShouldBe(HttpStatusCode.BadRequest);
        await DecideAsync(page, "accept");
        var again = await PostAsync(page, "accept", _client.TechnicianEmail);
        again.Status.ShouldBe(HttpStatusCode.BadRequest);
        again.Headers.ContainsKey("Location").ShouldBeFalse();
    }

    [Theory]
    [InlineData("access_type", "online")]
    [InlineData("prompt", "")]
    public async Task Without_offline_and_consent_there_is_no_refresh_token(string parameter, string value)
    {
        var before = _sim.Host.Accounts.RefreshTokens.Count;
        var reply = await ExchangeAsync((await DecideAsync(await AskAsync((parameter, value)), "accept"))["code"]);
        reply.Json.ContainsKey("refresh_token").ShouldBeFalse();
        (await _sim.Get("/requests", token: (string)reply.Json["access_token"]!)).Status.ShouldBe(HttpStatusCode.OK);
        _sim.Host.Accounts.RefreshTokens.Count.ShouldBe(before);
        _sim.Host.Accounts.RevokeAll();
        (await _sim.Get("/requests", token: (string)reply.Json["access_token"]!)).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("S256", Verifier, true)]
    [InlineData("S256", "another-verifier-of-forty-three-characters-0000", false)]
    [InlineData("S256", "", false)]
    [InlineData("plain", Verifier, true)]
    [InlineData("", Verifier, true)]
    [InlineData("plain", "another-verifier-of-forty-three-characters-0000", false)]
    public async Task A_challenge_is_met_by_its_verifier_alone(string method, string verifier, bool good)
    {
        var challenge = method == "S256" ? Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier))) : Verifier;
        var back = await DecideAsync(await AskAsync(("code_challenge", challenge), ("code_challenge_method", method)), "accept");
        var seq = _sim.Host.Journal.LastSeq;
        var reply = await ExchangeAsync(back["code"], verifier: verifier);
        reply.Json.ContainsKey("refresh_token").ShouldBe(good, reply.Body);
        if (!good)
            ((string)reply.Json["error"]!).ShouldBe("invalid_code");
        _sim.Host.Journal.Since(seq).Single().Form["code_verifier"].ShouldBe("***");
    }

    [Fact]
    public async Task The_exchange_names_the_redirect_of_the_consent()
    {
        var back = await DecideAsync(await AskAsync(), "accept");
        ((string)(await ExchangeAsync(back["code"], redirect: "http://127.0.0.1:8123/other")).Json["error"]!).ShouldBe("invalid_code");
        back = await DecideAsync(await AskAsync(), "accept");
        ((string)(await ExchangeAsync(back["code"], redirect: "")).Json["error"]!).ShouldBe("invalid_code");
    }

    [Fact]
    public async Task A_code_ends_after_ten_minutes()
    {
        var back = await DecideAsync(await AskAsync(), "accept");
        _sim.Host.Clock.Advance(TimeSpan.FromMinutes(10.1));
        ((string)(await ExchangeAsync(back["code"])).Json["error"]!).ShouldBe("invalid_code");
    }

    [Fact]
    public async Task Any_port_of_a_loopback_redirect_is_a_switch()
    {
        const string Elsewhere = "http://127.0.0.1:54321/callback";
        _sim.Host.Accounts.Switches = new AccountsSwitches { AnyLoopbackPort = true };
        var back = await DecideAsync(await AskAsync(("redirect_uri", Elsewhere)), "accept", at: Elsewhere);
        (await ExchangeAsync(back["code"], Elsewhere)).Json.ContainsKey("refresh_token").ShouldBeTrue();
        foreach (var other in new[] { "http://127.0.0.1:54321/other", "http://localhost:54321/callback", "https://127.0.0.1:8123/callback", "http://127.0.0.1:1/callback?x" })
            (await AskAsync(("redirect_uri", other))).Status.ShouldBe(HttpStatusCode.BadRequest, other);
    }

    [Fact]
    public async Task An_eleventh_code_in_ten_minutes_is_access_denied()
    {
        for (var code = 0; code < 10; code++)
            (await DecideAsync(await AskAsync(), "accept")).ShouldContainKey("code");
        (await DecideAsync(await AskAsync(), "accept"))["error"].ShouldBe("access_denied");
        _sim.Host.Clock.Advance(TimeSpan.FromMinutes(10));
        (await DecideAsync(await AskAsync(), "accept")).ShouldContainKey("code");
    }

    private Task<Reply> AskAsync(params (string Name, string Value)[] changed)
    {
        var query = new Dictionary<string, string>
        {
            ["response_type"] = "code",
            ["client_id"] = _client.ClientId,
            ["scope"] = "SDPOnDemand.requests.READ,AaaServer.profile.READ",
            ["redirect_uri"] = Callback,
            ["access_type"] = "offline",
            ["prompt"] = "consent",
            ["state"] = "a state&more",
        };
        foreach (var (name, value) in changed)
            query[name] = value;
        var text = string.Join('&', query.Select(one => $"{one.Key}={Uri.EscapeDataString(one.Value)}"));
        return _sim.Send(new HttpRequestMessage(HttpMethod.Get, new Uri(_sim.Host.AccountsUrl, $"/oauth/v2/auth?{text}")));
    }

    /// <summary>What a browser does with the page: the form's own target and its fields.</summary>
    private Task<Reply> PostAsync(Reply page, string decision, string technician)
    {
        var form = FormPattern().Match(page.Body);
        form.Success.ShouldBeTrue(page.Body);
        var content = new FormUrlEncodedContent([new("ticket", form.Groups[2].Value), new("technician", technician), new("decision", decision)]);
        return _sim.Send(new HttpRequestMessage(HttpMethod.Post, new Uri(_sim.Host.AccountsUrl, form.Groups[1].Value)) { Content = content });
    }

    private async Task<Dictionary<string, string>> DecideAsync(Reply page, string decision, string? technician = null, string at = Callback)
    {
        var reply = await PostAsync(page, decision, technician ?? _client.TechnicianEmail);
        reply.Status.ShouldBe(HttpStatusCode.Found, reply.Body);
        reply.Headers["Location"].ShouldStartWith($"{at}?");
        return reply.Headers["Location"][(at.Length + 1)..].Split('&').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => Uri.UnescapeDataString(pair[1]));
    }

    private Task<Reply> ExchangeAsync(string code, string redirect = Callback, string? verifier = null)
    {
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code", ["client_id"] = _client.ClientId, ["client_secret"] = _client.ClientSecret,
            ["code"] = code, ["redirect_uri"] = redirect,
        };
        if (verifier is not null)
            form["code_verifier"] = verifier;
        return _sim.Send(new HttpRequestMessage(HttpMethod.Post, new Uri(_sim.Host.AccountsUrl, "/oauth/v2/token")) { Content = new FormUrlEncodedContent(form) });
    }

    [GeneratedRegex("action=\"([^\"]+)\">\\s*<input type=\"hidden\" name=\"ticket\" value=\"([^\"]+)\"")]
    private static partial Regex FormPattern();
}

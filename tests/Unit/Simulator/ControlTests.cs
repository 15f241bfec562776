using System.Net;
using System.Text.Json.Nodes;
using Shouldly;
using Sidecar.Simulator;
using Xunit;

namespace Sidecar.Tests.Unit.Simulator;

public sealed class ControlTests : IClassFixture<SimulatorFixture>
{
    private readonly SimulatorFixture _sim;

    public ControlTests(SimulatorFixture sim) => _sim = sim;

    private Task<Reply> Control(string method, string path, string? body = null) =>
        _sim.Send(new HttpRequestMessage(new HttpMethod(method), new Uri(_sim.Host.ControlUrl, path)) { Content = body is null ? null : new StringContent(body) });

    [Fact]
    public async Task A_user_comes_with_everything_a_broker_needs()
    {
        var reply = await Control("POST", "/_sim/users", "{}");
        var user = reply.Json;
        user["credential"]!.AsObject().Select(member => member.Key).ShouldBe(
            ["kind", "client_id", "client_secret", "refresh_token", "accounts_url", "base_url", "portal", "technician_email"], ignoreOrder: true);
        user["identity"]!.AsObject().Select(member => member.Key).ShouldBe(["tenant_id", "client_id", "federated_token"], ignoreOrder: true);
        ((string)user["credential"]!["client_id"]!).ShouldContain("FAKE");
        await Control("POST", "/_sim/users", """{"secret":"sdp-kept"}""");
        _sim.Host.Vault.Versions("sdp-kept").Single().Value.ShouldContain("refresh_token");
        (await Control("POST", "/_sim/users", """{"email":"nobody@example.com"}""")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_switch_is_turned_by_its_name_and_a_misspelled_one_is_refused()
    {
        var patched = await Control("PATCH", "/_sim/instances/hr", """{"note_key":"both","rate_limit":60}""");
        patched.Status.ShouldBe(HttpStatusCode.OK, patched.Body);
        _sim.Host.Instances["hr"].Switches.NoteKey.ShouldBe(NoteKey.Both);
        _sim.Host.Instances["hr"].Switches.ClosureCodesConfigured.ShouldBeTrue();
        (await Control("PATCH", "/_sim/instances/hr", """{"notekey":"both"}""")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await Control("PATCH", "/_sim/accounts", """{"throttle_limit":5}""")).Json["throttle_limit"]!.GetValue<int>().ShouldBe(5);
    }

    [Fact]
    public async Task JSON_that_is_called_a_form_is_still_read()
    {
        var body = new StringContent("""{"advance_seconds":1}""", null, "application/x-www-form-urlencoded");
        var reply = await _sim.Send(new HttpRequestMessage(HttpMethod.Post, new Uri(_sim.Host.ControlUrl, "/_sim/clock")) { Content = body });
        reply.Json.ContainsKey("now").ShouldBeTrue();
        (await Control("POST", "/_sim/clock", "{}")).Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task The_journal_tells_what_came_and_no_secret()
    {
        var seq = _sim.Host.Journal.LastSeq;
        var user = _sim.Host.AddUser();
        var token = await _sim.AccessToken(user);
        await _sim.Call("POST", "/requests", """{"request":{"subject":"seen"}}""", token);
        var journal = (await Control("GET", $"/_sim/journal?since={seq}")).Body;
        foreach (var secret in new[] { token, user.Credential.ClientSecret, user.Credential.RefreshToken })
            journal.ShouldNotContain(secret);

        var write = JsonNode.Parse(journal)!.AsArray()[^1]!;
        ((string)write["input_data"]!).ShouldBe("""{"request":{"subject":"seen"}}""");
        ((string)write["input_data_in"]!).ShouldBe("form");
        ((string)write["changed"]!).ShouldStartWith("requests/");
        ((int)write["status"]!).ShouldBe(200);
        ((int)write["token_ordinal"]!).ShouldBe(_sim.Host.Accounts.TokensMade);
        ((string)write["authorization_scheme"]!).ShouldBe("Zoho-oauthtoken");
    }

    [Fact]
    public async Task Faults_secrets_clock_and_tokens_are_within_reach()
    {
        (await Control("POST", "/_sim/faults", """{"service":"sdp","kind":"reset_after_headers","after":true,"times":1,"path":"/x$"}""")).Status.ShouldBe(HttpStatusCode.OK);
        _sim.Host.Faults.Waiting.Single().Kind.ShouldBe(FaultKind.ResetAfterHeaders);
        await Control("DELETE", "/_sim/faults");
        _sim.Host.Faults.Waiting.ShouldBeEmpty();
        (await Control("POST", "/_sim/faults", """{"service":"sdp","kind":"status","path":"["}""")).Status.ShouldBe(HttpStatusCode.BadRequest);

        await Control("PUT", "/_sim/vault/secrets/sdp-control", """{"value":"x","content_type":"text/plain","tags":{"a":"b"}}""");
        _sim.Host.Vault.Versions("sdp-control").Single().Tags["a"].ShouldBe("b");

        var before = _sim.Host.Clock.GetUtcNow();
        await Control("POST", "/_sim/clock", """{"advance_seconds":3600}""");
        (_sim.Host.Clock.GetUtcNow() - before).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromHours(1));

        var token = await _sim.AccessToken(_sim.User);
        await Control("POST", "/_sim/tokens/expire");
        (await _sim.Get("/requests", token: token)).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task The_first_page_and_the_health_check_answer()
    {
        (await Control("GET", "/")).Body.ShouldContain("/_sim/journal");
        (await Control("GET", "/_sim/health")).Status.ShouldBe(HttpStatusCode.OK);
        (await Control("GET", "/_sim/outbox")).Body.ShouldStartWith("[");
        (await Control("GET", "/_sim/nothing")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_desk()
    {
        await using var other = await SimulatorHost.StartAsync(new SimulatorOptions { Seed = 1 }, TestContext.Current.CancellationToken);
        string Subjects(SimulatorHost host) => string.Join('|', host.Instances["itdesk"].Records("requests").Take(300).Select(row => row["subject"]));
        Subjects(other).ShouldBe(Subjects(_sim.Host));
    }
}

using System.Net;
using System.Text.Json.Nodes;
using Azure.Identity;
using Shouldly;
using Sidecar.Simulator;
using Xunit;

namespace Sidecar.Tests.Unit.Simulator;

/// <summary>Who onboards, and many who are to be onboarded.</summary>
public sealed class OperatorTests : IClassFixture<SimulatorFixture>
{
    private readonly SimulatorFixture _sim;

    public OperatorTests(SimulatorFixture sim)
    {
        _sim = sim;
        _sim.Reset();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private Task<Reply> Control(string path, string body) =>
        _sim.Send(new HttpRequestMessage(HttpMethod.Post, new Uri(_sim.Host.ControlUrl, path)) { Content = new StringContent(body) });

    private ClientSecretCredential Secret(SimulatedIdentity identity, string secret) =>
        new(identity.TenantId, identity.ClientId, secret, _sim.ToEntra<ClientSecretCredentialOptions>());

    [Fact]
    public async Task An_operator_has_an_identity_by_federated_token_and_by_client_secret()
    {
        var reply = await Control("/_sim/identities", "{}");
        var operators = new SimulatedIdentity((string)reply.Json["tenant_id"]!, (string)reply.Json["client_id"]!, (string)reply.Json["federated_token"]!);
        var secret = (string)reply.Json["client_secret"]!;
        _sim.Host.Vault.Grant(operators.ClientId, VaultRole.Officer);
        await _sim.VaultClient(operators).SetSecretAsync("sdp-by-token", "x", Cancel);
        (await _sim.VaultClient(Secret(operators, secret)).GetSecretAsync("sdp-by-token", cancellationToken: Cancel)).Value.Value.ShouldBe("x");
        _sim.Host.Accounts.RefreshTokens.Select(token => token.Email).ShouldBe([_sim.User.TechnicianEmail], "an identity is no user");
    }

    [Fact]
    public async Task A_wrong_client_secret_is_refused_and_a_pod_has_none()
    {
        _sim.User.Identity.ClientSecret.ShouldBeNull();
        foreach (var identity in new[] { _sim.Host.AddIdentity(), _sim.User.Identity })
        {
            identity.ToString().ShouldNotContain(identity.FederatedToken);
            var refused = await Should.ThrowAsync<AuthenticationFailedException>(
                () => _sim.VaultClient(Secret(identity, "wrong")).GetSecretAsync("x", cancellationToken: Cancel));
            refused.ToString().ShouldContain("AADSTS7000215");
        }
    }

    [Fact]
    public async Task A_thousand_users_each_act_for_a_technician_of_their_own()
    {
        var reply = await Control("/_sim/users/bulk", """{"count":1000}""");
        reply.Status.ShouldBe(HttpStatusCode.OK, reply.Body);
        var users = JsonNode.Parse(reply.Body)!.AsArray();
        users.Count.ShouldBe(1000);
        users.Select(user => (string?)user!["technician_email"]).Distinct().Count().ShouldBe(1000);
        users.Select(user => (string?)user!["credential"]!["refresh_token"]).Distinct().Count().ShouldBe(1000);
        _sim.Desk.TechnicianEmails.Count.ShouldBe(1000);
        _sim.Desk.Records("technicians").Select(row => (string?)row["name"]).Distinct().Count().ShouldBe(1000);

        var again = _sim.Host.AddUsers(new BulkWish { Count = 1000 });
        _sim.Desk.TechnicianEmails.Count.ShouldBe(1000, "whoever is there need not be added");
        var last = again[^1];
        last.TechnicianEmail.ShouldBe((string?)users[^1]!["technician_email"]);
        var token = await _sim.AccessToken(last);
        var criteria = $$$"""{"list_info":{"search_criteria":{"field":"email_id","condition":"is","value":"{{{last.TechnicianEmail}}}" } } }""";
        foreach (var path in new[] { "users", "technicians" })
        {
            var found = (await _sim.Get($"/{path}", criteria, token)).Json;
            ((string)found[path]![0]!["email_id"]!).ShouldBe(last.TechnicianEmail);
        }

        var me = new HttpRequestMessage(HttpMethod.Get, new Uri(_sim.Host.AccountsUrl, "/oauth/user/info"));
        me.Headers.Authorization = new("Zoho-oauthtoken", token);
        ((string)(await _sim.Send(me)).Json["Email"]!).ShouldBe(last.TechnicianEmail);
        var created = await _sim.Call("POST", "/requests", $$$"""{"request":{"subject":"Mine","technician":{"email_id":"{{{last.TechnicianEmail}}}"} } }""", token);
        ((string)created.Json["request"]!["technician"]!["email_id"]!).ShouldBe(last.TechnicianEmail);
    }

    [Theory]
    [InlineData("""{"count":0}""")]
    [InlineData("""{"count":10001}""")]
    [InlineData("""{"count":2,"portal":"premises"}""")]
    [InlineData("""{"count":2,"portal":"nowhere"}""")]
    [InlineData("{}")]
    public async Task Many_users_are_asked_for_sensibly(string wish) => (await Control("/_sim/users/bulk", wish)).Status.ShouldBe(HttpStatusCode.BadRequest);
}

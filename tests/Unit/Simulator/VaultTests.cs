using System.Net;
using System.Net.Http.Headers;
using Azure;
using Azure.Identity;
using Azure.Security.KeyVault.Secrets;
using Shouldly;
using Sidecar.Simulator;
using Xunit;

namespace Sidecar.Tests.Unit.Simulator;

public sealed class VaultTests : IClassFixture<SimulatorFixture>
{
    private readonly SimulatorFixture _sim;

    public VaultTests(SimulatorFixture sim) => _sim = sim;

    private SecretClient Client(SimulatedIdentity? identity = null, string? assertion = null) =>
        _sim.VaultClient(identity ?? _sim.User.Identity, assertion);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Microsofts_client_reads_a_secret_after_the_challenge()
    {
        _sim.Host.Vault.SetSecret("sdp-one", _sim.User.Credential.ToJson(), "application/vnd.sdp-sidecar.credential+json");
        var seq = _sim.Host.Journal.LastSeq;
        var secret = (await Client().GetSecretAsync("sdp-one", cancellationToken: Cancel)).Value;
        secret.Value.ShouldContain(_sim.User.Credential.RefreshToken);
        secret.Properties.ContentType.ShouldBe("application/vnd.sdp-sidecar.credential+json");
        _sim.Host.Journal.Since(seq).Where(entry => entry.Service == Service.Vault).Select(entry => entry.Status).Last().ShouldBe(200);
    }

    [Fact]
    public async Task Microsofts_client_sets_lists_disables_and_deletes()
    {
        var client = Client();
        await client.SetSecretAsync("sdp-two", "first", Cancel);
        var second = (await client.SetSecretAsync("sdp-two", "second", Cancel)).Value;
        var versions = 0;
        await foreach (var _ in client.GetPropertiesOfSecretVersionsAsync("sdp-two", Cancel))
            versions++;
        versions.ShouldBe(2);

        second.Properties.Enabled = false;
        await client.UpdateSecretPropertiesAsync(second.Properties, Cancel);
        (await Should.ThrowAsync<RequestFailedException>(() => client.GetSecretAsync("sdp-two", cancellationToken: Cancel))).Status.ShouldBe(403);

        var deletion = await client.StartDeleteSecretAsync("sdp-two", Cancel);
        await deletion.WaitForCompletionAsync(TimeSpan.FromMilliseconds(10), Cancel);
        (await Should.ThrowAsync<RequestFailedException>(() => client.SetSecretAsync("sdp-two", "third", Cancel))).Status.ShouldBe(409);
        await client.PurgeDeletedSecretAsync("sdp-two", Cancel);
        (await client.SetSecretAsync("sdp-two", "fourth", Cancel)).Value.Value.ShouldBe("fourth");
    }

    [Fact]
    public async Task A_secret_can_be_one_identitys_alone()
    {
        var other = _sim.Host.AddUser().Identity;
        _sim.Host.Vault.SetSecret("sdp-three", "x", readers: [_sim.User.Identity.ClientId]);
        (await Client().GetSecretAsync("sdp-three", cancellationToken: Cancel)).Value.Value.ShouldBe("x");
        (await Should.ThrowAsync<RequestFailedException>(() => Client(other).GetSecretAsync("sdp-three", cancellationToken: Cancel))).Status.ShouldBe(403);
    }

    [Fact]
    public async Task A_federated_token_that_the_tenant_did_not_issue_is_refused()
    {
        var refused = await Should.ThrowAsync<AuthenticationFailedException>(() => Client(assertion: "not.the.token").GetSecretAsync("x", cancellationToken: Cancel));
        refused.ToString().ShouldContain("AADSTS700213");
    }

    [Fact]
    public async Task A_token_for_something_else_gets_the_challenge_again()
    {
        var identity = _sim.User.Identity;
        var token = await _sim.Send(new HttpRequestMessage(HttpMethod.Post, new Uri(_sim.Host.EntraUrl, $"/{identity.TenantId}/oauth2/v2.0/token"))
        {
            Content = new FormUrlEncodedContent(
            [
                new("grant_type", "client_credentials"), new("client_id", identity.ClientId), new("scope", "https://graph.localhost/.default"),
                new("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"), new("client_assertion", identity.FederatedToken),
            ]),
        });
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_sim.Host.VaultUrl, "/secrets/x?api-version=7.6"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", (string)token.Json["access_token"]!);
        var reply = await _sim.Send(request);
        reply.Status.ShouldBe(HttpStatusCode.Unauthorized);
        reply.Headers["WWW-Authenticate"].ShouldContain("resource=\"https://vault.localhost\"");
    }

    [Fact]
    public async Task An_unknown_secret_is_404_with_a_code()
    {
        var missing = await Should.ThrowAsync<RequestFailedException>(() => Client().GetSecretAsync("no-such", cancellationToken: Cancel));
        missing.Status.ShouldBe(404);
        missing.ErrorCode.ShouldBe("SecretNotFound");
    }

    [Fact]
    public async Task Calls_beyond_the_limit_of_ten_seconds_are_refused_until_there_is_room()
    {
        await using var host = await SimulatorHost.StartAsync(new SimulatorOptions(), Cancel);
        using var http = new HttpClient(host.CreateHandler());
        host.Vault.Switches.ShouldBe(new VaultSwitches { CallLimit = 4000, CreateLimit = 300, LimitSeconds = 10 });
        host.Vault.Switches = new VaultSwitches { CallLimit = 3, CreateLimit = 1 };
        var url = new Uri(host.VaultUrl, "/secrets/x?api-version=7.6");
        (await StatusesAsync(http, url, HttpMethod.Get, 5)).ShouldBe([401, 401, 401, 429, 429]);
        (await StatusesAsync(http, url, HttpMethod.Put, 2)).ShouldBe([401, 429], "creates have a limit of their own");
        using (var refusal = await http.GetAsync(url, Cancel))
        {
            refusal.Headers.RetryAfter!.Delta!.Value.ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));
            (await refusal.Content.ReadAsStringAsync(Cancel)).ShouldContain("\"code\":\"Throttled\"");
        }

        host.Clock.Advance(TimeSpan.FromSeconds(10));
        (await StatusesAsync(http, url, HttpMethod.Get, 4)).ShouldBe([401, 401, 401, 429]);
        host.Vault.Switches = host.Vault.Switches with { RetryAfter = false };
        using var silent = await http.GetAsync(url, Cancel);
        silent.Headers.RetryAfter.ShouldBeNull();
    }

    [Fact]
    public async Task An_operator_disables_deletes_and_recovers_over_the_control_api()
    {
        _sim.Host.Vault.SetSecret("sdp-four", "x");
        async Task<int> StatusAsync(string change)
        {
            using var body = new StringContent(change, null, "application/json");
            using var done = await _sim.Http.PatchAsync(new Uri(_sim.Host.ControlUrl, "/_sim/vault/secrets/sdp-four"), body, Cancel);
            done.StatusCode.ShouldBe(HttpStatusCode.OK);
            try
            {
                return (await Client().GetSecretAsync("sdp-four", cancellationToken: Cancel)).GetRawResponse().Status;
            }
            catch (RequestFailedException failure)
            {
                return failure.Status;
            }
        }

        (await StatusAsync("""{"enabled":false}""")).ShouldBe(403);
        (await StatusAsync("""{"enabled":true,"deleted":true}""")).ShouldBe(404);
        (await StatusAsync("""{"deleted":false}""")).ShouldBe(200);
        (await StatusAsync("""{"readers":["somebody-else"]}""")).ShouldBe(403);
    }

    private static async Task<List<int>> StatusesAsync(HttpClient http, Uri url, HttpMethod method, int times)
    {
        var statuses = new List<int>();
        for (var time = 0; time < times; time++)
        {
            using var request = new HttpRequestMessage(method, url);
            using var response = await http.SendAsync(request, Cancel);
            statuses.Add((int)response.StatusCode);
        }

        return statuses;
    }
}

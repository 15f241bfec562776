using System.Net;
using System.Net.Http.Headers;
using Azure;
using Azure.Core.Pipeline;
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

    /// <summary>Microsoft's own client, with nothing changed but where it goes and whom it trusts.</summary>
    private SecretClient Client(SimulatedIdentity? identity = null, string? assertion = null)
    {
        identity ??= _sim.User.Identity;
        var transport = new HttpClientTransport(_sim.Http);
        var options = new ClientAssertionCredentialOptions
        {
            AuthorityHost = _sim.Host.EntraUrl,
            DisableInstanceDiscovery = true,
            Transport = transport,
            Retry = { MaxRetries = 0 },
        };
        var credential = new ClientAssertionCredential(
            identity.TenantId, identity.ClientId, _ => Task.FromResult(assertion ?? identity.FederatedToken), options);
        return new SecretClient(_sim.Host.VaultUrl, credential, new SecretClientOptions { Transport = transport, Retry = { MaxRetries = 0 } });
    }

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
}

using System.Net;
using System.Text;
using Azure.Core;
using Azure.Identity;
using Shouldly;
using Sidecar.Broker.Credentials;
using Sidecar.Contract;
using Xunit;

namespace Sidecar.Tests.Unit.Broker;

public class KeyVaultSourceTests
{
    private const string Good = """
        {"kind":"cloud","client_id":"1000.A","client_secret":"hush1","refresh_token":"hush2","accounts_url":"https://accounts.zoho.eu",
         "base_url":"https://desk.example.com","portal":"itdesk","technician_email":"anna@example.com"}
        """;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_secret_is_read_with_its_version()
    {
        VaultScript? vault = null;
        vault = new VaultScript { Answer = _ => Task.FromResult(vault!.Secret(Good, "abc")) };
        (await vault.Source().ReadAsync(Cancel)).Version.ShouldBe("abc");
        vault.Calls.ShouldBe(2, "the challenge, then the secret");
    }

    [Theory]
    [InlineData(401, "Unauthorized", null, CredentialState.Denied, "Check the tenant")]
    [InlineData(403, "Forbidden", "SecretDisabled", CredentialState.Disabled, "Enable it")]
    [InlineData(403, "Forbidden", "ForbiddenByRbac", CredentialState.Denied, "Key Vault Secrets User")]
    [InlineData(403, "Forbidden", "ForbiddenByFirewall", CredentialState.Denied, "firewall")]
    [InlineData(403, "Forbidden", null, CredentialState.Denied, "Key Vault Secrets User")]
    [InlineData(404, "SecretNotFound", null, CredentialState.Missing, "recover it")]
    [InlineData(404, "ResourceNotFound", null, CredentialState.Unreachable, "says nothing about the secret")]
    [InlineData(429, "Throttled", null, CredentialState.Throttled, "asks for a pause")]
    [InlineData(500, "InternalServerError", null, CredentialState.Unreachable, "answered 500")]
    [InlineData(503, "ServiceUnavailable", null, CredentialState.Unreachable, "answered 503")]
    public async Task Every_refusal_of_the_vault_is_a_state_with_a_remedy(int status, string code, string? inner, CredentialState state, string remedy)
    {
        var vault = new VaultScript { Answer = _ => Task.FromResult(VaultScript.Refusal(status, code, inner)) };
        var failure = await FailAsync(vault);
        failure.State.ShouldBe(state);
        failure.Message.ShouldContain(remedy);
        failure.Message.ShouldNotContain("hush");
        failure.RetryAfter.ShouldBeNull();
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("<html>hush</html>", "text/html")]
    [InlineData("[1]", "application/json")]
    [InlineData("{\"error\":\"hush\"}", "application/json")]
    [InlineData("{\"error\":{\"innererror\":{\"code\":7}}}", "application/json")]
    public async Task A_404_that_is_not_the_vaults_own_does_not_end_service(string body, string type)
    {
        var vault = new VaultScript
        {
            Answer = _ => Task.FromResult(new HttpResponseMessage(HttpStatusCode.NotFound) { Content = new StringContent(body, Encoding.UTF8, type.Length > 0 ? type : "text/plain") }),
        };
        (await FailAsync(vault)).State.ShouldBe(CredentialState.Unreachable);
    }

    [Theory]
    [InlineData("not json at all hush", CredentialState.Malformed, "not JSON")]
    [InlineData("{}", CredentialState.Malformed, "\"client_secret\" is missing")]
    [InlineData("""{"kind":"password","value":"hush"}""", CredentialState.WrongKind, "\"kind\" is")]
    [InlineData("", CredentialState.Malformed, "not JSON")]
    public async Task A_secret_that_is_no_credential_is_told_in_its_way(string value, CredentialState state, string reason)
    {
        VaultScript? vault = null;
        vault = new VaultScript { Answer = _ => Task.FromResult(vault!.Secret(value)) };
        var failure = await FailAsync(vault);
        failure.State.ShouldBe(state);
        failure.Message.ShouldContain(reason);
        failure.Message.ShouldContain($"Secret {VaultScript.SecretName}");
        failure.Message.ShouldNotContain("hush");
    }

    [Theory]
    [InlineData('x')]
    [InlineData('ü')]
    public async Task A_secret_above_the_vaults_own_limit_is_too_large(char character)
    {
        VaultScript? vault = null;
        vault = new VaultScript { Answer = _ => Task.FromResult(vault!.Secret(new string(character, (25 * 1024 / Encoding.UTF8.GetByteCount([character])) + 1))) };
        (await FailAsync(vault)).State.ShouldBe(CredentialState.TooLarge);
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData("0", 0)]
    [InlineData("Wed, 01 Jul 2026 09:00:30 GMT", 30)]
    [InlineData("soon", null)]
    [InlineData("-3", null)]
    public async Task A_pause_that_the_vault_asks_for_is_passed_on(string header, int? seconds)
    {
        var vault = new VaultScript
        {
            Answer = _ =>
            {
                var answer = VaultScript.Refusal(429, "Throttled", retryAfter: header);
                answer.Headers.Date = new DateTimeOffset(2026, 7, 1, 9, 0, 0, TimeSpan.Zero);
                return Task.FromResult(answer);
            },
        };
        (await FailAsync(vault)).RetryAfter.ShouldBe(seconds is { } wait ? TimeSpan.FromSeconds(wait) : null);
        vault.Calls.ShouldBe(2, "the SDK does not retry by itself");
    }

    [Fact]
    public async Task A_vault_without_an_answer_is_unreachable()
    {
        var vault = new VaultScript { Answer = _ => Task.FromException<HttpResponseMessage>(new HttpRequestException("hush")) };
        var failure = await FailAsync(vault);
        (failure.State, failure.Message.Contains("hush", StringComparison.Ordinal)).ShouldBe((CredentialState.Unreachable, false));
    }

    [Fact]
    public async Task A_vault_whose_connection_is_cut_while_it_is_made_is_unreachable()
    {
        var vault = new VaultScript { Answer = _ => Task.FromException<HttpResponseMessage>(new System.Net.Sockets.SocketException(104)) };
        var failure = await FailAsync(vault);
        failure.State.ShouldBe(CredentialState.Unreachable);
        failure.Message.ShouldEndWith("does not answer (the connection broke).");
    }

    [Fact]
    public async Task A_vault_whose_name_cannot_be_resolved_is_told_as_such()
    {
        var vault = new VaultScript { Answer = _ => Task.FromException<HttpResponseMessage>(new HttpRequestException(HttpRequestError.NameResolutionError, "hush")) };
        var failure = await FailAsync(vault);
        failure.Message.ShouldEndWith("does not answer (its name cannot be resolved).");
    }

    [Theory]
    [InlineData("AADSTS700213: No matching federated identity record found for hush", CredentialState.Denied, "(AADSTS700213)")]
    [InlineData("A connection could not be made to hush", CredentialState.Unreachable, "sign-in")]
    public async Task An_identity_that_is_refused_is_told_from_a_sign_in_that_does_not_answer(string message, CredentialState state, string told)
    {
        var vault = new VaultScript
        {
            Answer = _ => throw new InvalidOperationException("not asked"),
            Identity = DelegatedTokenCredential.Create((_, _) => throw new AuthenticationFailedException(message)),
        };
        var failure = await FailAsync(vault);
        failure.State.ShouldBe(state);
        failure.Message.ShouldContain(told);
        failure.Message.ShouldNotContain("hush");
    }

    private static Task<CredentialException> FailAsync(VaultScript vault) => Should.ThrowAsync<CredentialException>(() => vault.Source().ReadAsync(Cancel));
}

using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Security.KeyVault.Secrets;
using Sidecar.Broker.Credentials;

namespace Sidecar.Tests.Unit.Broker;

/// <summary>A Key Vault that answers what the test says, after its challenge, to Microsoft's own client with the broker's options.</summary>
internal sealed class VaultScript : HttpMessageHandler
{
    public const string SecretName = "sdp-anna";

    // The SDK remembers challenges for each host, for all clients of the process.
    private readonly string _host = $"v{Guid.NewGuid():N}.vault.azure.net";

    /// <summary>Answers a GET that carries a token.</summary>
    public required Func<CancellationToken, Task<HttpResponseMessage>> Answer { get; set; }

    public TokenCredential Identity { get; init; } = DelegatedTokenCredential.Create((_, _) => new AccessToken("hush-vault-token", DateTimeOffset.MaxValue));

    public int Calls { get; private set; }

    public KeyVaultSource Source() =>
        new(new SecretClient(new Uri($"https://{_host}"), Identity, KeyVaultSource.Options(new HttpClientTransport(this))), SecretName);

    public HttpResponseMessage Secret(string value, string version = "v1") => Json(200, new
    {
        value,
        id = $"https://{_host}/secrets/{SecretName}/{version}",
        attributes = new { enabled = true },
    });

    public static HttpResponseMessage Refusal(int status, string code, string? inner = null, string? retryAfter = null)
    {
        var answer = Json(status, new { error = new { code, message = "hush: Operation get is not allowed", innererror = inner is null ? null : new { code = inner } } });
        if (retryAfter is not null) answer.Headers.TryAddWithoutValidation("Retry-After", retryAfter);
        return answer;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Calls++;
        if (request.Headers.Authorization is not null) return await Answer(cancellationToken);
        var challenge = Refusal(401, "Unauthorized");
        challenge.Headers.WwwAuthenticate.Add(new AuthenticationHeaderValue(
            "Bearer", "authorization=\"https://login.microsoftonline.com/00000000-0000-0000-0000-000000000001\", resource=\"https://vault.azure.net\""));
        return challenge;
    }

    private static HttpResponseMessage Json(int status, object body) =>
        new((HttpStatusCode)status) { Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json") };
}

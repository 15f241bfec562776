using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace Sidecar.Bench;

/// <summary>What a program with the secret in its own hands would do: a plain HttpClient that asks ServiceDesk Plus itself.</summary>
internal sealed class DirectCaller : IDisposable
{
    private readonly HttpClient _client;
    private readonly Uri _requests;
    private readonly List<(Uri Url, byte[] Expected)> _own;
    private readonly Uri _revoke;
    private readonly string _refreshToken;

    private DirectCaller(Backend backend)
    {
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(backend.Authority);
        _client = new HttpClient(new SocketsHttpHandler { SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = trust } });
        _requests = new Uri($"{backend.Credential["base_url"]}/app/{backend.Credential["portal"]}/api/v3/requests");
        _own = [.. backend.RequestIds.Select(id => (new Uri($"{_requests}/{id}"), Encoding.UTF8.GetBytes($"\"id\":\"{id}\"")))];
        _revoke = new Uri($"{backend.Credential["accounts_url"]}/oauth/v2/token/revoke");
        _refreshToken = (string)backend.Credential["refresh_token"]!;
    }

    public static async Task<DirectCaller> CreateAsync(Backend backend, CancellationToken cancellationToken)
    {
        var caller = new DirectCaller(backend);
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "refresh_token",
            ["client_id"] = (string)backend.Credential["client_id"]!,
            ["client_secret"] = (string)backend.Credential["client_secret"]!,
            ["refresh_token"] = (string)backend.Credential["refresh_token"]!,
        });
        using var response = await caller._client.PostAsync(new Uri($"{backend.Credential["accounts_url"]}/oauth/v2/token"), form, cancellationToken);
        var token = (await response.Content.ReadFromJsonAsync<JsonNode>(cancellationToken))!["access_token"]!;
        caller._client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Zoho-oauthtoken", (string)token!);
        caller._client.DefaultRequestHeaders.Accept.ParseAdd("application/vnd.manageengine.sdp.v3+json");
        return caller;
    }

    public async Task<List<string>> RequestsAsync(CancellationToken cancellationToken)
    {
        var list = await _client.GetFromJsonAsync<JsonNode>(new Uri($"{_requests}?input_data={Uri.EscapeDataString("""{"list_info":{"row_count":100}}""")}"), cancellationToken);
        return [.. list!["requests"]!.AsArray().Select(request => (string)request!["id"]!)];
    }

    /// <exception cref="InvalidOperationException">The answer is not that caller's request.</exception>
    public async Task CallAsync(int caller, CancellationToken cancellationToken)
    {
        var (url, expected) = _own[caller];
        using var response = await _client.GetAsync(url, cancellationToken);
        var answer = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        if (answer.AsSpan().IndexOf(expected) < 0) throw new InvalidOperationException($"The simulator answered: {Encoding.UTF8.GetString(answer)}");
    }

    /// <summary>Ends the credential at Zoho, with all access tokens made from it.</summary>
    public async Task RevokeAsync(CancellationToken cancellationToken)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["token"] = _refreshToken });
        using var response = await _client.PostAsync(_revoke, form, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    public void Dispose() => _client.Dispose();
}

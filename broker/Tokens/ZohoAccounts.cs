using System.Text.Json;
using Sidecar.Broker.Credentials;
using Sidecar.Broker.Tls;
using Sidecar.Contract;

namespace Sidecar.Broker.Tokens;

/// <summary>Zoho's token endpoint. Most of its errors come with HTTP 200, and its texts are localised.</summary>
internal sealed class ZohoAccounts(IHttpClientFactory clients, TimeProvider clock)
{
    public const string ClientName = "zoho";

    // Zoho's have seventy characters.
    private const int ShortestToken = 8;

    private static readonly TimeSpan Throttle = TimeSpan.FromMinutes(10);

    // Zoho says an hour. Old replies say it in milliseconds; what ends before that is found out by a 401.
    private static readonly TimeSpan LongestLife = TimeSpan.FromDays(1);

    /// <summary>Exchanges the refresh token for an access token: one call, never repeated here.</summary>
    /// <exception cref="TokenException">There is none.</exception>
    public async Task<AccessToken> RefreshAsync(CloudCredential credential, CancellationToken cancellationToken)
    {
        var asked = clock.SinceBoot();
        var (status, body) = await PostAsync(credential, cancellationToken);
        try
        {
            using var document = JsonDocument.Parse(body);
            return Read(document.RootElement, status, credential, asked);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new TokenException(
                TokenState.Unreachable, $"{credential.AccountsUrl.Host} answered {status} with something that is not Zoho's token reply. Is it the accounts server?");
        }
    }

    private async Task<(int Status, string Body)> PostAsync(CloudCredential credential, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(credential.AccountsUrl, "/oauth/v2/token"))
        {
            // In the form body: a query string would put secrets into the logs of every proxy on the way.
            Content = new FormUrlEncodedContent(
            [
                new("grant_type", "refresh_token"),
                new("client_id", credential.ClientId),
                new("client_secret", credential.ClientSecret.Reveal()),
                new("refresh_token", credential.RefreshToken.Reveal()),
            ]),
        };
        try
        {
            using var response = await clients.CreateClient(ClientName).SendAsync(request, cancellationToken);
            return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
        }
        catch (Exception exception) when (OutboundHandlers.IsOfTheNetwork(exception) || IsTimeout(exception, cancellationToken))
        {
            throw new TokenException(
                TokenState.Unreachable, $"The Zoho accounts server {credential.AccountsUrl.Host} does not answer ({Reason(exception)}).", inner: exception)
            {
                WasSent = !NeverConnected(exception),
            };
        }
    }

    private static AccessToken Read(JsonElement reply, int status, CloudCredential credential, TimeSpan asked)
    {
        // What does not fit into a header is no token, nor is what may stand in any answer by chance.
        if (Text(reply, "access_token") is { Length: >= ShortestToken } token && token.All(character => character is > ' ' and < '\x7f'))
        {
            var seconds = Seconds(reply, "expires_in_sec") ?? Seconds(reply, "expires_in") ?? 3600;
            return new AccessToken(new Secret(token), credential, asked, asked + TimeSpan.FromSeconds(Math.Min(seconds, LongestLife.TotalSeconds)));
        }

        // The sentence and even the error's name are translated; "failure" is not.
        if (Text(reply, "status") == "failure" || status == 429)
        {
            throw new TokenException(
                TokenState.CoolingDown, "Zoho has had too many token requests for this user and asks for a pause of ten minutes.", Throttle);
        }

        throw Text(reply, "error") switch
        {
            "invalid_code" => Refused("the refresh token is revoked or was never valid. Onboard the user again"),
            "invalid_client" => Refused("the client id is unknown at this accounts server. Check accounts_url: the client may belong to another data centre"),
            "invalid_client_secret" => Refused("the client secret is wrong. Onboard the user again"),
            { } error when Final.Contains(error) => Refused($"it says {error}"),
            "access_denied" => new TokenException(TokenState.CoolingDown, "Zoho asks for a pause of ten minutes (access_denied).", Throttle),
            // Not known to be final, and not worth a token request every minute either.
            { } error when status < 500 => new TokenException(
                TokenState.Unreachable, $"The Zoho accounts server {credential.AccountsUrl.Host} answered {status} with {Name(error)}; it is asked again in ten minutes.", Throttle),
            _ => new TokenException(TokenState.Unreachable, $"The Zoho accounts server {credential.AccountsUrl.Host} answered {status} without a token."),
        };
    }

    // Errors of OAuth that no waiting mends.
    private static readonly HashSet<string> Final = ["invalid_grant", "invalid_scope", "unauthorized_client", "unsupported_grant_type"];

    private static TokenException Refused(string why) => new(TokenState.Refused, $"Zoho refuses the credential: {why}.");

    // Only names that are known are shown: a server that quotes what it was sent would have us show a secret.
    private static string Name(string error) =>
        error is "general_error" or "invalid_request" or "invalid_redirect_uri" or "server_error" or "temporarily_unavailable" ? error : "an error of its own";

    private static bool IsTimeout(Exception exception, CancellationToken cancellationToken) =>
        exception is OperationCanceledException && !cancellationToken.IsCancellationRequested;

    private static bool NeverConnected(Exception exception) => exception is HttpRequestException
    {
        HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError,
    };

    private static string Reason(Exception exception) => exception is HttpRequestException { HttpRequestError: not HttpRequestError.Unknown } http
        ? http.HttpRequestError.ToString()
        : exception is OperationCanceledException ? "timeout" : exception.GetType().Name;

    private static string? Text(JsonElement reply, string name) =>
        reply.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static double? Seconds(JsonElement reply, string name) =>
        reply.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var seconds) && seconds > 0
            ? seconds : null;
}

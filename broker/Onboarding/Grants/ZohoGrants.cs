using System.Net.Http.Headers;
using System.Text.Json;
using Sidecar.Broker.Credentials;
using Sidecar.Broker.Tls;

namespace Sidecar.Broker.Onboarding.Grants;

/// <summary>A company's OAuth client at Zoho.</summary>
/// <param name="Id">Its id, which is no secret.</param>
/// <param name="Secret">Its secret.</param>
internal sealed record ZohoClient(string Id, Secret Secret);

/// <summary>What Zoho gave for a grant code.</summary>
/// <param name="RefreshToken">The grant.</param>
/// <param name="AccessToken">A first access token.</param>
internal sealed record NewTokens(Secret RefreshToken, Secret AccessToken);

/// <summary>Zoho's accounts server as onboarding needs it: codes exchanged, grants revoked, people named. Nothing is sent twice.</summary>
internal sealed class ZohoGrants(HttpClient http) : IDisposable
{
    /// <summary>Exchanges a grant code, which serves once.</summary>
    /// <param name="accounts">The accounts server.</param>
    /// <param name="client">The client that the code was made for.</param>
    /// <param name="code">The code.</param>
    /// <param name="redirect">Where it was sent to; null for a code of the API console.</param>
    /// <param name="verifier">What its challenge was made of; null for a code of the API console.</param>
    /// <param name="cancellationToken">Ends the waiting; a grant may have been made.</param>
    /// <exception cref="CommandFailure">There is no grant, or nobody knows.</exception>
    public async Task<NewTokens> ExchangeAsync(Uri accounts, ZohoClient client, Secret code, Uri? redirect, Secret? verifier, CancellationToken cancellationToken)
    {
        List<KeyValuePair<string, string>> form =
        [
            new("grant_type", "authorization_code"), new("client_id", client.Id), new("client_secret", client.Secret.Reveal()), new("code", code.Reveal()),
        ];
        if (redirect is not null) form.Add(new("redirect_uri", redirect.OriginalString));
        if (verifier is not null) form.Add(new("code_verifier", verifier.Reveal()));

        var (status, reply) = await PostAsync(accounts, "/oauth/v2/token", form, "exchanging the code", LostGrant, cancellationToken);
        if (Text(reply, "refresh_token") is { Length: > 0 } refreshToken && Text(reply, "access_token") is { Length: > 0 } accessToken)
            return new NewTokens(new Secret(refreshToken), new Secret(accessToken));
        if (Text(reply, "access_token") is { Length: > 0 })
            throw new CommandFailure("Zoho gave an access token, but no refresh token: the consent was not for offline access.", "Run the command again and give consent on the page it opens.");
        throw Refused(accounts, status, reply);
    }

    /// <summary>Revokes a grant with all its access tokens.</summary>
    /// <returns>False if Zoho does not know it: it was revoked before, or its owner's account is gone.</returns>
    /// <exception cref="CommandFailure">It may still be good.</exception>
    public async Task<bool> RevokeAsync(Uri accounts, Secret refreshToken, CancellationToken cancellationToken)
    {
        const string StillGood = "The grant may still be good.";
        var (status, reply) = await PostAsync(accounts, "/oauth/v2/token/revoke", [new("token", refreshToken.Reveal())], "revoking the grant", StillGood, cancellationToken, StillGood);
        if (Text(reply, "status") == "success" && status < 400) return true;
        if (Text(reply, "error") is "invalid_token" or "invalid_code") return false;
        throw new CommandFailure($"{accounts.Host} did not revoke the grant: it answered {status}{Named(reply)}. {StillGood}", "Run the command again later.");
    }

    /// <summary>E-mail address of the one who gave the grant; null if the grant does not let us see it.</summary>
    /// <exception cref="CommandFailure">Zoho does not say.</exception>
    public async Task<string?> EmailAsync(Uri accounts, Secret accessToken, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(accounts, "/oauth/user/info"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Zoho-oauthtoken", accessToken.Reveal());
        var (status, reply) = await SendAsync(request, "asking whose grant it is", "", cancellationToken);
        if (Text(reply, "Email") is { Length: > 0 } email) return email;
        if (status is 401 or 403) return null;
        throw new CommandFailure($"{accounts.Host} does not say whose grant it is: it answered {status}{Named(reply)}.", "Run the command again later.");
    }

    public void Dispose() => http.Dispose();

    private const string LostGrant =
        "Whether Zoho made a grant is not known. If it did, nobody holds it; the user can remove it under Connected Apps of their Zoho account.";

    private async Task<(int Status, JsonElement Reply)> PostAsync(
        Uri accounts, string path, IEnumerable<KeyValuePair<string, string>> form, string doing, string ifLost, CancellationToken cancellationToken, string ifNotSent = "")
    {
        // In the body: a query string would put secrets into the logs of every proxy on the way.
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(accounts, path)) { Content = new FormUrlEncodedContent(form) };
        return await SendAsync(request, doing, ifLost, cancellationToken, ifNotSent);
    }

    private async Task<(int Status, JsonElement Reply)> SendAsync(
        HttpRequestMessage request, string doing, string ifLost, CancellationToken cancellationToken, string ifNotSent = "")
    {
        var host = request.RequestUri!.Host;
        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            using var document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
            return ((int)response.StatusCode, document.RootElement.Clone());
        }
        catch (JsonException exception)
        {
            throw new CommandFailure(
                $"{host} answered with something that is not Zoho's ({doing}). {ifLost}".TrimEnd(), "Check the accounts server: it is chosen with --dc or --accounts-url.", exception) { IsUnsure = ifLost.Length > 0 };
        }
        catch (Exception exception) when (OutboundHandlers.IsOfTheNetwork(exception) || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            var isSent = !NeverConnected(exception);
            throw new CommandFailure(
                $"{host} does not answer ({doing}). {(isSent ? ifLost : ifNotSent)}".TrimEnd(), "Check the network and the accounts server, then run the command again.", exception) { IsUnsure = isSent && ifLost.Length > 0 };
        }
    }

    private static CommandFailure Refused(Uri accounts, int status, JsonElement reply) => Text(reply, "status") == "failure" || status == 429
        ? new("Zoho has had too many requests of this client and asks for a pause.", "Wait ten minutes, then run the command again.")
        : Text(reply, "error") switch
        {
            "invalid_code" => new("Zoho does not take the code: it was used before, or is too old, or was made for another client.", "Run the command again with a new code."),
            "invalid_client" => new(
                $"{accounts.Host} does not know the client id. A client belongs to one data centre.", "Check --client-id and --dc."),
            "invalid_client_secret" => new("Zoho does not take the client secret.", "Copy it again from the API console."),
            "access_denied" => new("Zoho has had too many grant codes of this client and asks for a pause.", "Wait ten minutes, then run the command again."),
            "invalid_redirect_uri" => new("The client is not registered with the address that the browser returned to.", "Add it to the client's redirect URIs in the API console."),
            _ => new($"{accounts.Host} made no grant: it answered {status}{Named(reply)}.", "Check the client, then run the command again."),
        };

    // Only what looks like the name of an error: a server that quotes what it was sent would have us show a secret.
    private static string Named(JsonElement reply) =>
        Text(reply, "error") is { Length: > 0 and <= 40 } error && error.All(c => char.IsAsciiLetterLower(c) || c == '_') ? $" with {error}" : "";

    private static string? Text(JsonElement reply, string name) =>
        reply.ValueKind == JsonValueKind.Object && reply.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool NeverConnected(Exception exception) => exception is HttpRequestException
    {
        HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError,
    };
}

using System.Net.Http.Headers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Sidecar.Broker.Credentials;
using Sidecar.Broker.Tls;
using Sidecar.Broker.Tokens;

namespace Sidecar.Broker.Sdp;

/// <summary>The only sender of calls to ServiceDesk Plus. Reads are shared and retried; a write is sent once.</summary>
internal sealed class SdpClient(
    IHttpClientFactory clients, CredentialStore credentials, TokenBroker tokens, Gate gate, SharedReads reads, IOptions<SdpOptions> options, TimeProvider clock)
{
    public const string ClientName = "sdp";

    // The text is escaped for the form anyway; escaping it for HTML as well would only make it longer.
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private const string ProbePath = "/requests";
    private static readonly MediaTypeWithQualityHeaderValue Accept = new("application/vnd.manageengine.sdp.v3+json");

    private readonly ReadRetries _retries = new(clock);

    /// <summary>Raised with the path when a write begins and when it ends, whatever came of it.</summary>
    public event Action<string>? Writing;

    /// <summary>Sends one call and returns the whole answer, which is a success.</summary>
    /// <param name="method">GET for a read; anything else is a write.</param>
    /// <param name="path">Path below /api/v3, made by the transcoder from the catalogue.</param>
    /// <param name="input">The input_data, if any: in the query of a read, in the form body of a write.</param>
    /// <param name="cancellationToken">Ends waiting, and a read; never a write that is on its way.</param>
    /// <exception cref="SdpException">For every answer but success; for a read also when the caller's time is almost over.</exception>
    /// <exception cref="TokenException">There is no access token; nothing was sent.</exception>
    public async Task<JsonElement> SendAsync(HttpMethod method, string path, JsonObject? input, CancellationToken cancellationToken)
    {
        var token = await tokens.GetAsync(cancellationToken);
        return method == HttpMethod.Get
            ? await reads.ReadAsync(
                $"{token.Credential.Version} {path} {input?.ToJsonString(Plain)}",
                flight => SendAsync(
                    token, (current, _) => _retries.RunAsync(flight, end => SendOnceAsync(method, path, input, current, end)), method, path, flight.Deserted),
                cancellationToken)
            : await WriteAsync(method, path, input, token, cancellationToken);
    }

    private async Task<JsonElement> WriteAsync(HttpMethod method, string path, JsonObject? input, AccessToken token, CancellationToken cancellationToken)
    {
        var errand = Errand.Current;
        Announce();
        try
        {
            var answer = await SendAsync(token, (current, end) => SendOnceAsync(method, path, input, current, end), method, path, cancellationToken);
            errand.HasWritten = true;
            return answer;
        }
        catch (SdpException failure) when (!failure.ProvesNothingHappened)
        {
            errand.HasWritten = true;
            throw;
        }
        finally
        {
            Announce();
        }

        void Announce()
        {
            reads.Outdate();
            Writing?.Invoke(path);
        }
    }

    // Once with the token that is there, and once more with a new one if that is what was wrong.
    private async Task<JsonElement> SendAsync(
        AccessToken token, Func<AccessToken, CancellationToken, Task<JsonElement>> send, HttpMethod method, string path, CancellationToken cancellationToken)
    {
        try
        {
            return await send(token, cancellationToken);
        }
        catch (SdpException failure) when (failure.Failure == SdpFailure.Unauthorized)
        {
            // Some paths answer 401 for want of a scope. If the token works elsewhere, renewing it would help nobody and
            // spend one of Zoho's ten.
            if (!(method == HttpMethod.Get && path == ProbePath) && await WorksElsewhereAsync(token, cancellationToken))
                throw new SdpException(SdpFailure.ScopeMissing, failure.Message, failure) { HttpStatus = failure.HttpStatus };
        }

        await credentials.RefreshAsync(force: false, cancellationToken);
        return await send(await tokens.RenewAsync(token, cancellationToken), cancellationToken);
    }

    private async Task<bool> WorksElsewhereAsync(AccessToken token, CancellationToken cancellationToken)
    {
        try
        {
            await SendOnceAsync(HttpMethod.Get, ProbePath, new JsonObject { ["list_info"] = new JsonObject { ["row_count"] = 1 } }, token, cancellationToken);
            return true;
        }
        catch (SdpException probe)
        {
            // Only an answer about the call itself shows that the token was looked at and taken.
            return probe.Failure is SdpFailure.Refused or SdpFailure.Warning;
        }
    }

    private async Task<JsonElement> SendOnceAsync(
        HttpMethod method, string path, JsonObject? input, AccessToken token, CancellationToken cancellationToken)
    {
        var isRead = method == HttpMethod.Get;
        var inputData = input?.ToJsonString(Plain);
        var url = new Uri(token.Credential.ApiUrl, path.TrimStart('/') + (isRead && inputData is not null ? "?input_data=" + Uri.EscapeDataString(inputData) : ""));
        using var body = isRead ? null : new InputDataContent(inputData);
        using var request = new HttpRequestMessage(method, url) { Content = body };
        request.Headers.Accept.Add(Accept);
        request.Headers.Authorization = new AuthenticationHeaderValue("Zoho-oauthtoken", token.Value.Reveal());

        var kind = CallKind.Of(token.Credential.ApiUrl, method, path);
        using var turn = await gate.EnterAsync(kind, cancellationToken);
        // A caller who leaves takes a read along. A write on its way is seen through, so that its end is known and logged.
        cancellationToken.ThrowIfCancellationRequested();
        using var patience = new CancellationTokenSource(isRead ? options.Value.ReadTimeout : options.Value.WriteTimeout, clock);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, isRead ? cancellationToken : CancellationToken.None);
        try
        {
            using var response = await clients.CreateClient(ClientName).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, timeout.Token);
            return await AnswerReader.ReadAsync(response, isRead, token, timeout.Token);
        }
        catch (SdpException failure)
        {
            gate.Note(kind, failure);
            throw;
        }
        catch (Exception exception) when (OutboundHandlers.IsOfTheNetwork(exception)
            || (exception is OperationCanceledException && !(isRead && cancellationToken.IsCancellationRequested)))
        {
            var sent = isRead ? NeverConnected(exception) is false : body!.WasBegun;
            throw new SdpException(sent ? SdpFailure.NoAnswer : SdpFailure.NotSent, Reason(exception), exception);
        }
    }

    private static bool NeverConnected(Exception exception) => exception is HttpRequestException
    {
        HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError,
    };

    private static string Reason(Exception exception) => exception switch
    {
        OperationCanceledException => "no answer in time",
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "its name cannot be resolved",
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => "no connection",
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => "TLS failed; is its certificate authority known?",
        _ => "the connection broke",
    };
}

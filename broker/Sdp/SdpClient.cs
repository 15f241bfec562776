using System.Net.Http.Headers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Retry;
using Sidecar.Broker.Credentials;
using Sidecar.Broker.Tls;
using Sidecar.Broker.Tokens;

namespace Sidecar.Broker.Sdp;

/// <summary>The only sender of calls to ServiceDesk Plus. Reads are retried; a write is sent once.</summary>
internal sealed class SdpClient(
    IHttpClientFactory clients, CredentialStore credentials, TokenBroker tokens, Turnstile turnstile, ServerClock server,
    IOptions<SdpOptions> options, TimeProvider clock)
{
    public const string ClientName = "sdp";

    // The text is escaped for the form anyway; escaping it for HTML as well would only make it longer.
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private const string ProbePath = "/requests";
    private static readonly MediaTypeWithQualityHeaderValue Accept = new("application/vnd.manageengine.sdp.v3+json");

    private readonly ResiliencePipeline _reads = new ResiliencePipelineBuilder { TimeProvider = clock }
        .AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = 3,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = TimeSpan.FromMilliseconds(250),
            ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Exception is SdpException { RetryAfter: null } failure
                && failure.Failure is SdpFailure.NotSent or SdpFailure.NoAnswer or SdpFailure.ServerError),
        })
        .Build();

    /// <summary>Sends one call and returns the whole answer, which is a success.</summary>
    /// <param name="method">GET for a read; anything else is a write.</param>
    /// <param name="path">Path below /api/v3, made by the transcoder from the catalogue.</param>
    /// <param name="input">The input_data, if any: in the query of a read, in the form body of a write.</param>
    /// <param name="cancellationToken">Ends waiting, and a read; never a write that is on its way.</param>
    /// <exception cref="SdpException">For every answer but success.</exception>
    /// <exception cref="TokenException">There is no access token; nothing was sent.</exception>
    public async Task<JsonElement> SendAsync(HttpMethod method, string path, JsonObject? input, CancellationToken cancellationToken)
    {
        var token = await tokens.GetAsync(cancellationToken);
        try
        {
            return await SendOnceOrRetryAsync(method, path, input, token, cancellationToken);
        }
        catch (SdpException failure) when (failure.Failure == SdpFailure.Unauthorized)
        {
            // Some paths answer 401 for want of a scope. If the token works elsewhere, renewing it would help nobody and
            // spend one of Zoho's ten.
            if (!(method == HttpMethod.Get && path == ProbePath) && await WorksElsewhereAsync(token, cancellationToken))
                throw new SdpException(SdpFailure.ScopeMissing, failure.Message, failure) { HttpStatus = failure.HttpStatus };
        }

        await credentials.RefreshAsync(force: false, cancellationToken);
        token = await tokens.RenewAsync(token, cancellationToken);
        return await SendOnceOrRetryAsync(method, path, input, token, cancellationToken);
    }

    private async ValueTask<JsonElement> SendOnceOrRetryAsync(
        HttpMethod method, string path, JsonObject? input, AccessToken token, CancellationToken cancellationToken) =>
        method == HttpMethod.Get
            ? await _reads.ExecuteAsync(async end => await SendOnceAsync(method, path, input, token, end), cancellationToken)
            : await SendOnceAsync(method, path, input, token, cancellationToken);

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

        using var turn = await turnstile.EnterAsync(cancellationToken);
        // A caller who leaves takes a read along. A write on its way is seen through, so that its end is known and logged.
        cancellationToken.ThrowIfCancellationRequested();
        using var patience = new CancellationTokenSource(isRead ? options.Value.ReadTimeout : options.Value.WriteTimeout, clock);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, isRead ? cancellationToken : CancellationToken.None);
        try
        {
            using var response = await clients.CreateClient(ClientName).SendAsync(request, timeout.Token);
            server.Learn(response.Headers.Date);
            return await ReadAsync(response, isRead, token, timeout.Token);
        }
        catch (Exception exception) when (OutboundHandlers.IsOfTheNetwork(exception)
            || (exception is OperationCanceledException && !(isRead && cancellationToken.IsCancellationRequested)))
        {
            var sent = isRead ? NeverConnected(exception) is false : body!.WasBegun;
            throw new SdpException(sent ? SdpFailure.NoAnswer : SdpFailure.NotSent, Reason(exception), exception);
        }
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response, bool isRead, AccessToken token, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        var bytes = Redaction.Apply(await response.Content.ReadAsByteArrayAsync(cancellationToken), token);
        if (status is >= 300 and < 400) throw NotTheApi("a redirect");
        if (status < 500 && status != 401 && LooksLikeHtml(response, bytes)) throw NotTheApi("an HTML page");

        JsonElement root = default;
        try
        {
            if (bytes.Length > 0)
            {
                var reader = new Utf8JsonReader(AnswerText.Repair(bytes));
                root = JsonElement.ParseValue(ref reader);
            }
        }
        catch (JsonException exception)
        {
            // A refusal is known by its HTTP status alone. A cut success is not a success.
            if (status < 400) throw new SdpException(isRead ? SdpFailure.NoAnswer : SdpFailure.Unreadable, "the answer is not whole JSON", exception) { HttpStatus = status };
        }

        Envelope.EnsureSuccess(root, status, RetryAfter(response.Headers));
        return root;

        SdpException NotTheApi(string what) => new(SdpFailure.NotTheApi, $"HTTP {status} with {what}") { HttpStatus = status };
    }

    // As seconds, or as a moment, which is read by the server's own clock.
    private static TimeSpan? RetryAfter(HttpResponseHeaders headers) =>
        headers.RetryAfter?.Delta ?? (headers.RetryAfter?.Date - headers.Date is { } wait && wait > TimeSpan.Zero ? wait : null);

    private static bool LooksLikeHtml(HttpResponseMessage response, byte[] bytes) =>
        response.Content.Headers.ContentType?.MediaType == "text/html"
        || bytes.AsSpan().TrimStart(" \r\n\t"u8) is [(byte)'<', ..];

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
        HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => "the answer is too large",
        _ => "the connection broke",
    };
}

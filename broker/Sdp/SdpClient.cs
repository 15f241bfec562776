using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Sidecar.Broker.Credentials;
using Sidecar.Broker.Telemetry;
using Sidecar.Broker.Tls;
using Sidecar.Broker.Tokens;

namespace Sidecar.Broker.Sdp;

/// <summary>The only sender of calls to ServiceDesk Plus. Reads are shared and retried; a write is sent once.</summary>
internal sealed class SdpClient(
    IHttpClientFactory clients, CredentialStore credentials, TokenBroker tokens, Gate gate, SharedReads reads, ServerClock server,
    IOptions<SdpOptions> options, TimeProvider clock)
{
    public const string ClientName = "sdp";

    // The text is escaped for the form anyway; escaping it for HTML as well would only make it longer.
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private const string ProbePath = "/requests", OtherProbePath = "/priorities";
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(5);

    /// <summary>The one media type that every version takes.</summary>
    public static readonly MediaTypeWithQualityHeaderValue Accept = new("application/vnd.manageengine.sdp.v3+json");

    private readonly ReadRetries _retries = new(clock);

    // When a token was last renewed without knowing that it had died, as time since the machine started.
    private long _blindRenewal = TimeSpan.MinValue.Ticks / 2;

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
            token.IsRefused = token.KeyHeader is not null;
            // Some paths answer 401 for want of a scope. If the token works elsewhere, renewing it would help nobody and
            // spend one of Zoho's ten. Renewing a key is that try itself, made once for all who wait.
            var works = token.KeyHeader is null ? await WorksElsewhereAsync(token, path, cancellationToken) : null;
            if (works == true) throw ScopeMissing(failure);
            // Nobody can tell. Then it is renewed once, and not for each such call: that would use up Zoho's ten.
            if (works is null && token.KeyHeader is null)
            {
                var last = TimeSpan.FromTicks(Interlocked.Read(ref _blindRenewal));
                if (token.Asked >= last && clock.SinceBoot() - last < Fresh) throw;
                Interlocked.Exchange(ref _blindRenewal, clock.SinceBoot().Ticks);
            }
        }

        await credentials.RefreshAsync(force: false, cancellationToken);
        token = await tokens.RenewAsync(token, cancellationToken);
        try
        {
            return await send(token, cancellationToken);
        }
        catch (SdpException failure) when (failure.Failure == SdpFailure.Unauthorized && token.KeyHeader is not null)
        {
            // The key was taken a moment ago: it is this path that refuses it.
            throw ScopeMissing(failure);
        }
        catch (SdpException failure) when (failure.Failure == SdpFailure.Unauthorized)
        {
            var works = await WorksElsewhereAsync(token, path, cancellationToken);
            if (works == true) throw ScopeMissing(failure);
            // A new token that is taken nowhere: asking Zoho for another one with each call would help nobody either.
            if (works == false) tokens.Reject(token);
            throw;
        }
    }

    private static SdpException ScopeMissing(SdpException failure) =>
        new(SdpFailure.ScopeMissing, failure.Message, failure) { HttpStatus = failure.HttpStatus };

    // Null: nobody can tell.
    private async Task<bool?> WorksElsewhereAsync(AccessToken token, string path, CancellationToken cancellationToken)
    {
        var elsewhere = path == ProbePath ? OtherProbePath : ProbePath;
        try
        {
            await SendOnceAsync(HttpMethod.Get, elsewhere, new JsonObject { ["list_info"] = new JsonObject { ["row_count"] = 1 } }, token, cancellationToken);
            return true;
        }
        catch (SdpException probe)
        {
            // Only an answer about the call itself shows that the token was looked at and taken.
            return probe.Failure switch
            {
                SdpFailure.Refused or SdpFailure.Warning => true,
                SdpFailure.Unauthorized => false,
                _ => null,
            };
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
        token.Authorize(request.Headers);

        var kind = CallKind.Of(token.Credential.ApiUrl, method, path);
        using var turn = await gate.EnterAsync(kind, cancellationToken);
        // A caller who leaves takes a read along. A write on its way is seen through, so that its end is known and logged.
        cancellationToken.ThrowIfCancellationRequested();
        if (token.IsRefused) throw new SdpException(SdpFailure.Unauthorized, "the key was refused to another call");
        using var patience = new CancellationTokenSource(isRead ? options.Value.ReadTimeout : options.Value.WriteTimeout, clock);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, isRead ? cancellationToken : CancellationToken.None);
        var (started, outcome) = (Stopwatch.GetTimestamp(), "Abandoned");
        try
        {
            using var response = await clients.CreateClient(ClientName).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, timeout.Token);
            server.Learn(response.Headers.Date);
            var answer = await AnswerReader.ReadAsync(response, isRead, token, timeout.Token);
            outcome = BrokerMetrics.Ok;
            return answer;
        }
        catch (SdpException failure)
        {
            outcome = failure.Failure.ToString();
            gate.Note(kind, failure);
            throw;
        }
        catch (Exception exception) when (OutboundHandlers.IsOfTheNetwork(exception)
            || (exception is OperationCanceledException && !(isRead && cancellationToken.IsCancellationRequested)))
        {
            var sent = isRead ? NeverConnected(exception) is false : body!.WasBegun;
            var failure = sent ? SdpFailure.NoAnswer : SdpFailure.NotSent;
            outcome = failure.ToString();
            throw new SdpException(failure, Reason(exception), exception);
        }
        finally
        {
            BrokerMetrics.SdpCall(kind, outcome, Stopwatch.GetElapsedTime(started));
        }
    }

    private static bool NeverConnected(Exception exception) => exception is HttpRequestException
    {
        HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError,
    };

    /// <summary>Why a call got no answer, in words that quote nothing.</summary>
    public static string Reason(Exception exception) => exception switch
    {
        OperationCanceledException => "no answer in time",
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "its name cannot be resolved",
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => "no connection",
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => "TLS failed; is its certificate authority known?",
        _ => "the connection broke",
    };
}

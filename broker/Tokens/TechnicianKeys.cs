using System.Text.Json.Nodes;
using Sidecar.Broker.Credentials;
using Sidecar.Broker.Sdp;
using Sidecar.Broker.Tls;
using Sidecar.Contract;

namespace Sidecar.Broker.Tokens;

/// <summary>
/// On premises the technician key takes the place of a token. It is tried with one small read before anything else is sent
/// with it: that finds out in which header this instance takes it, and a key that is refused costs the technician two of the
/// fifteen refusals a minute that lock them out, however many callers wait.
/// </summary>
internal sealed partial class TechnicianKeys(IHttpClientFactory clients, TimeProvider clock, ILogger<TechnicianKeys> logger)
{
    // By version of the product: the first is today's.
    private static readonly string[] Headers = ["authtoken", "TECHNICIAN_KEY"];

    // Its limits count by the minute.
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private static readonly string Input = Uri.EscapeDataString(
        new JsonObject { ["list_info"] = new JsonObject { ["row_count"] = 1, ["fields_required"] = new JsonArray("id") } }.ToJsonString());

    private string _known = Headers[0];

    /// <summary>Tries the key in the header that was taken last, and once in the other one.</summary>
    /// <exception cref="TokenException">The instance refuses the key, or does not answer as one.</exception>
    public async Task<AccessToken> TryAsync(OnPremCredential credential, CancellationToken cancellationToken)
    {
        var known = _known;
        foreach (var header in Headers.OrderByDescending(header => header == known))
        {
            var key = new AccessToken(credential.TechnicianKey, credential, clock.SinceBoot(), TimeSpan.MaxValue) { KeyHeader = header };
            if (!await IsTakenAsync(key, cancellationToken)) continue;
            _known = header;
            LogTaken(credential.Version, header);
            return key;
        }

        throw new TokenException(
            TokenState.Refused,
            $"{credential.BaseUrl.Host} refuses the technician key: it was generated anew, has expired, or its technician may no longer sign in. "
            + "Generate a key for the technician and put it into the credential.");
    }

    private async Task<bool> IsTakenAsync(AccessToken key, CancellationToken cancellationToken)
    {
        var host = key.Credential.BaseUrl.Host;
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(key.Credential.ApiUrl, $"requests?input_data={Input}"));
            request.Headers.Accept.Add(SdpClient.Accept);
            key.Authorize(request.Headers);
            using var response = await clients.CreateClient(SdpClient.ClientName).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            await AnswerReader.ReadAsync(response, isRead: true, key, cancellationToken);
            return true;
        }
        catch (SdpException answer)
        {
            return answer.Failure switch
            {
                SdpFailure.Unauthorized => false,
                // An answer about the call itself: the key was looked at and taken.
                SdpFailure.Refused or SdpFailure.Warning when answer.Messages.Count > 0 => true,
                SdpFailure.Throttled => throw new TokenException(
                    TokenState.CoolingDown, $"{host} has had too many calls and takes none for now.", answer.RetryAfter ?? Pause),
                SdpFailure.ServerError => throw new TokenException(TokenState.Unreachable, $"{host} had an internal error ({answer.Message})."),
                _ => throw new TokenException(
                    TokenState.Unreachable, $"What answered at {host} is not the ServiceDesk Plus API ({answer.Message}). Check base_url of the credential."),
            };
        }
        catch (Exception exception) when (OutboundHandlers.IsOfTheNetwork(exception) || exception is OperationCanceledException)
        {
            throw new TokenException(TokenState.Unreachable, $"ServiceDesk Plus at {host} does not answer ({SdpClient.Reason(exception)}).", inner: exception);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Technician key of credential version {Version} was taken, in the header {Header}")]
    private partial void LogTaken(string version, string header);
}

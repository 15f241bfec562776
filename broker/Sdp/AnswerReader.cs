using System.Net.Http.Headers;
using System.Text.Json;
using Sidecar.Broker.Tokens;

namespace Sidecar.Broker.Sdp;

/// <summary>Reads an answer as far as it may go, and decides what it is.</summary>
internal static class AnswerReader
{
    private const int MostParts = 500_000;

    /// <summary>Returns the answer if it is a success.</summary>
    /// <param name="response">The answer, of which only the headers were read.</param>
    /// <param name="isRead">Whether a read was asked for: a write whose answer cannot be read may have been carried out.</param>
    /// <param name="token">The token that was sent, which is taken out of the answer.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="SdpException">It is none.</exception>
    public static async Task<JsonElement> ReadAsync(HttpResponseMessage response, bool isRead, AccessToken token, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        if (status is >= 300 and < 400) throw NotTheApi("a redirect");
        using var body = await BoundedBody.ReadAsync(response.Content, cancellationToken);
        // A refusal is known by its HTTP status alone.
        if (body.IsTooLarge && status < 400)
            throw new SdpException(isRead ? SdpFailure.TooLarge : SdpFailure.Unreadable, $"an answer of more than {BoundedBody.TooLarge >> 20} MB") { HttpStatus = status };
        var bytes = Redaction.Apply(body.Bytes, token);
        if (status < 500 && status != 401 && LooksLikeHtml(response, bytes.Span)) throw NotTheApi("an HTML page");

        JsonElement root = default;
        try
        {
            if (bytes.Length > 0)
            {
                var text = AnswerText.Repair(bytes);
                if (HasTooManyParts(text.Span)) throw new SdpException(isRead ? SdpFailure.TooLarge : SdpFailure.Unreadable, "an answer of too many parts") { HttpStatus = status };
                var reader = new Utf8JsonReader(text.Span);
                root = JsonElement.ParseValue(ref reader);
            }
        }
        catch (JsonException exception)
        {
            // A cut success is not a success.
            if (status < 400) throw new SdpException(isRead ? SdpFailure.NoAnswer : SdpFailure.Unreadable, "the answer is not whole JSON", exception) { HttpStatus = status };
        }

        Envelope.EnsureSuccess(root, status, RetryAfter(response.Headers));
        return root;

        SdpException NotTheApi(string what) => new(SdpFailure.NotTheApi, $"HTTP {status} with {what}") { HttpStatus = status };
    }

    // Each part costs many times its bytes once it is parsed.
    private static bool HasTooManyParts(ReadOnlySpan<byte> json)
    {
        if (json.Length < MostParts) return false;
        var reader = new Utf8JsonReader(json);
        var parts = 0;
        while (parts <= MostParts && reader.Read()) parts++;
        return parts > MostParts;
    }

    // As seconds, or as a moment, which is read by the server's own clock.
    private static TimeSpan? RetryAfter(HttpResponseHeaders headers) =>
        headers.RetryAfter?.Delta ?? (headers.RetryAfter?.Date - headers.Date is { } wait && wait > TimeSpan.Zero ? wait : null);

    private static bool LooksLikeHtml(HttpResponseMessage response, ReadOnlySpan<byte> bytes) =>
        response.Content.Headers.ContentType?.MediaType == "text/html" || bytes.TrimStart(" \r\n\t"u8) is [(byte)'<', ..];
}

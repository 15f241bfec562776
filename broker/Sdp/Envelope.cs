using System.Text.Json;

namespace Sidecar.Broker.Sdp;

/// <summary>Reads <c>response_status</c>, which is an object or an array, and decides what an answer means.</summary>
internal static class Envelope
{
    public const int Success = 2000;
    private const int Warning = 3000;

    // More than anybody reads; an answer made of them alone must not fill the memory.
    private const int MostMessages = 100;

    // By HTTP's own definition the request was not carried out.
    private static readonly int[] Refusals = [400, 403, 404, 405, 406, 410, 411, 413, 414, 415, 422];

    /// <summary>Where the API documents no time, a lock was seen to last this long.</summary>
    public static readonly TimeSpan DefaultLock = TimeSpan.FromMinutes(5);

    /// <summary>Returns for success and nothing else.</summary>
    /// <exception cref="SdpException">For every other answer.</exception>
    public static void EnsureSuccess(JsonElement root, int httpStatus, TimeSpan? retryAfter)
    {
        var status = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("response_status", out var found) ? found : default;
        // One entry for each record concerned: one that failed is enough.
        if (status.ValueKind == JsonValueKind.Array)
            status = status.EnumerateArray().OrderBy(entry => entry.ValueKind == JsonValueKind.Object && Number(entry, "status_code") == Success).FirstOrDefault();

        var code = status.ValueKind == JsonValueKind.Object ? Number(status, "status_code") : null;
        if (code == Success && httpStatus is >= 200 and < 300) return;

        var messages = ReadMessages(status);
        if (code is { } own && own != Success && own != 4000 && messages.Count == 0) messages = [new SdpMessage(own, [], null)];
        throw new SdpException(Classify(code, httpStatus, messages), $"HTTP {httpStatus}, status {code?.ToString() ?? "absent"}")
        {
            HttpStatus = httpStatus,
            IsFinal = code is not null || messages.Count > 0,
            Messages = messages,
            RetryAfter = retryAfter,
        };
    }

    private static SdpFailure Classify(int? code, int httpStatus, List<SdpMessage> messages)
    {
        // Before anything inside it: a warning says that the call was taken, whatever codes its messages carry.
        if (code == Warning && httpStatus < 400) return SdpFailure.Warning;
        bool Any(int wanted) => code == wanted || messages.Any(message => message.Code == wanted);
        if (httpStatus == 429 || Any(4015) || (httpStatus < 500 && messages.Any(message => IsBlocked(message.Text)))) return SdpFailure.Throttled;
        if (httpStatus == 401 || Any(4022)) return SdpFailure.Unauthorized;
        if (httpStatus >= 500 || Any(4004)) return SdpFailure.ServerError;
        // A refusal has to say that it is one: 200 without any status proves nothing, nor does a gateway's 408 or 499.
        if (Refusals.Contains(httpStatus) || code >= 4000 || messages.Any(message => message.Code >= 4000)) return SdpFailure.Refused;
        return SdpFailure.Unreadable;
    }

    // On premises a URL that was called too often answers with HTTP 400 and this sentence, and with no code of its own.
    private static bool IsBlocked(string? text) => text?.Contains("URL blocked as maximum access limit", StringComparison.OrdinalIgnoreCase) == true;

    private static List<SdpMessage> ReadMessages(JsonElement status)
    {
        var messages = new List<SdpMessage>();
        if (status.ValueKind != JsonValueKind.Object || !status.TryGetProperty("messages", out var list) || list.ValueKind != JsonValueKind.Array)
            return messages;
        foreach (var entry in list.EnumerateArray().Where(entry => entry.ValueKind == JsonValueKind.Object).Take(MostMessages))
        {
            var fields = new List<string>();
            if (entry.TryGetProperty("field", out var field) && field.ValueKind == JsonValueKind.String) fields.Add(field.GetString()!);
            if (entry.TryGetProperty("fields", out var several) && several.ValueKind == JsonValueKind.Array)
                fields.AddRange(several.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!).Take(MostMessages));
            var text = entry.TryGetProperty("message", out var message) && message.ValueKind == JsonValueKind.String ? message.GetString() : null;
            messages.Add(new SdpMessage(Number(entry, "status_code") ?? 0, fields, text));
        }

        return messages;
    }

    private static int? Number(JsonElement element, string name) =>
        !element.TryGetProperty(name, out var value) ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number
        : value.ValueKind == JsonValueKind.String && int.TryParse(value.GetString(), out var parsed) ? parsed
        : null;
}

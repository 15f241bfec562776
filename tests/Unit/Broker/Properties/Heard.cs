using System.Text;
using System.Text.Json;
using Sidecar.Contract;

namespace Sidecar.Tests.Unit.Broker.Properties;

/// <summary>The answers that one operation got, and whether they truly say success: judged apart from how the broker judges them.</summary>
internal sealed class Heard
{
    private readonly Lock _gate = new();
    private readonly List<(bool IsRead, bool IsSuccess)> _answers = [];
    private bool _hasSucceeded;

    /// <summary>True if some write was answered with success.</summary>
    public bool WriteSucceeded
    {
        get
        {
            lock (_gate) return _answers.Any(answer => answer is { IsRead: false, IsSuccess: true });
        }
    }

    public void Clear()
    {
        lock (_gate) _answers.Clear();
    }

    /// <summary>Makes an answer and takes note of it.</summary>
    public async Task<HttpResponseMessage> NoteAsync(HttpMethod method, Func<HttpResponseMessage> make)
    {
        var isSuccess = false;
        try
        {
            HttpResponseMessage answer;
            // The dice are not made for several at once.
            lock (_gate) answer = make();
            isSuccess = (int)answer.StatusCode is >= 200 and < 300 && SaysSuccess(await answer.Content.ReadAsByteArrayAsync());
            return answer;
        }
        finally
        {
            lock (_gate)
            {
                _answers.Add((method == HttpMethod.Get, isSuccess));
                _hasSucceeded |= isSuccess;
            }
        }
    }

    /// <summary>True if the answers are reason enough to call the operation done.</summary>
    public bool Allows(Operation operation)
    {
        lock (_gate)
        {
            // Names that an earlier answer told are kept for a while.
            if (operation.Name == "GetMetadata") return _hasSucceeded;
            if (_answers.Count == 0) return operation.Name is "WhoAmI" or "Describe";
            if (operation.Access == Access.Read) return _answers.Any(answer => answer.IsSuccess);
            // A record that was read afterwards may prove what the answer of the write did not say.
            var write = _answers.FindIndex(answer => !answer.IsRead);
            return write >= 0 && _answers.Skip(write).Any(answer => answer.IsSuccess);
        }
    }

    private static bool SaysSuccess(byte[] body)
    {
        try
        {
            // Bytes that are no text inside a text do not change what its envelope says; nor does what follows the object.
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(body).TrimStart('\uFEFF')));
            var root = JsonElement.ParseValue(ref reader);
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("response_status", out var status)) return false;
            var all = status.ValueKind == JsonValueKind.Array ? [.. status.EnumerateArray()] : new[] { status };
            return all.Length > 0 && all.All(one => one.ValueKind == JsonValueKind.Object && one.TryGetProperty("status_code", out var code)
                && (code.ValueKind == JsonValueKind.Number ? code.TryGetInt32(out var number) && number == 2000 : code.ValueKind == JsonValueKind.String && code.GetString()!.Trim() == "2000"));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}

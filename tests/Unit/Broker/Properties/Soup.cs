using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Sidecar.Tests.Unit.Broker.Properties;

/// <summary>Anything that may come back in place of an answer, decided by a seed. Often it is nearly one.</summary>
internal sealed class Soup(Random random)
{
    private static readonly int[] Statuses =
        [200, 200, 200, 200, 200, 200, 201, 202, 204, 206, 299, 301, 302, 304, 400, 400, 401, 403, 404, 405, 408, 409, 413, 415, 418, 422, 429, 451, 499, 500, 501, 502, 503, 504, 599, 600, 799, 999];

    private static readonly int[] Codes =
        [0, 1, 2000, 2000, 2000, 2001, 3000, 4000, 4001, 4002, 4003, 4004, 4005, 4007, 4008, 4009, 4012, 4014, 4015, 4016, 4021, 4022, 7001, 9999, -1, int.MaxValue];

    private static readonly string[] ContentTypes = ["application/json", "application/json;charset=UTF-16", "text/html", "text/plain", "application/octet-stream", "a/b; charset=nonsense", "", "/", "multipart/form-data"];

    private static readonly string[] Waits = ["0", "1", "-5", "soon", "99999999999999999999", "2147483647", "Wed, 21 Oct 2015 07:28:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", ""];

    private static readonly string[] Scraps =
        ["null", "true", "1e999", "-0", "123456789012345678901234567890", "\"\\ud800\"", "\"\\u0000\"", "\"null\"", "[]", "{}", "[[[]]]", "{\"\":{}}", "\"2000\"", "2000", "2000.0", "2e3", "\"Infinity\""];

    private static readonly byte[][] BadBytes = [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xef, 0xbb, 0xbf], [0x00], [0xe2, 0x82]];

    /// <summary>A whole answer, or the exception of one that did not come.</summary>
    /// <param name="proper">The body that a well-behaved server would send.</param>
    public HttpResponseMessage Answer(string proper)
    {
        switch (random.Next(30))
        {
            case 0: throw new HttpRequestException(HttpRequestError.ConnectionError);
            case 1: throw new HttpRequestException(HttpRequestError.ResponseEnded, inner: new IOException());
            case 2: throw new IOException();
            default: break;
        }

        var answer = new HttpResponseMessage((HttpStatusCode)Statuses[random.Next(Statuses.Length)]) { Content = new ByteArrayContent(Body(proper)) };
        answer.Content.Headers.TryAddWithoutValidation("Content-Type", ContentTypes[random.Next(3) == 0 ? random.Next(ContentTypes.Length) : 0]);
        if (random.Next(4) == 0) answer.Headers.TryAddWithoutValidation("Retry-After", Waits[random.Next(Waits.Length)]);
        if (random.Next(8) == 0) answer.Headers.TryAddWithoutValidation("Date", Waits[random.Next(Waits.Length)]);
        if (random.Next(8) == 0) answer.Headers.TryAddWithoutValidation("Location", "https://elsewhere.example.com/");
        return answer;
    }

    /// <summary>A body: proper, nearly so, or nothing of the kind.</summary>
    public byte[] Body(string proper) => random.Next(14) switch
    {
        0 => Noise(random.Next(200)),
        1 => [],
        2 => Encoding.UTF8.GetBytes("<!DOCTYPE html><html><body>Sign in</body></html>"),
        3 => Encoding.UTF8.GetBytes(Deep()),
        4 => Encoding.UTF8.GetBytes(Scraps[random.Next(Scraps.Length)]),
        5 or 6 => Gnawed(Encoding.UTF8.GetBytes(proper)),
        7 or 8 => Encoding.UTF8.GetBytes(Rebuilt(proper)),
        9 => Encoding.UTF8.GetBytes(Envelope(proper)),
        10 => Encoding.UTF8.GetBytes(RandomJson.Any(random, 6)?.ToJsonString() ?? "null"),
        11 => [.. Encoding.UTF8.GetBytes(proper), .. Noise(random.Next(20))],
        12 => Encoding.Unicode.GetBytes(proper),
        _ => Encoding.UTF8.GetBytes(proper),
    };

    private byte[] Noise(int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private string Deep()
    {
        var levels = random.Next(2) == 0 ? random.Next(1, 70) : random.Next(1, 20_000);
        var (open, close) = random.Next(3) switch { 0 => ("[", "]"), 1 => ("{\"response_status\":", "}"), _ => ("{\"request\":[", "]}") };
        return string.Concat(Enumerable.Repeat(open, levels)) + "1" + (random.Next(2) == 0 ? "" : string.Concat(Enumerable.Repeat(close, levels)));
    }

    // Bytes lost, doubled, changed or put in.
    private byte[] Gnawed(byte[] bytes)
    {
        var list = bytes.ToList();
        for (var bites = random.Next(1, 8); bites > 0 && list.Count > 1; bites--)
        {
            var at = random.Next(list.Count);
            switch (random.Next(5))
            {
                case 0: list[at] = (byte)random.Next(256); break;
                case 1: list.RemoveRange(at, Math.Min(random.Next(1, 20), list.Count - at)); break;
                case 2: list.InsertRange(at, list.GetRange(at, Math.Min(random.Next(1, 20), list.Count - at))); break;
                case 3: list.InsertRange(at, BadBytes[random.Next(BadBytes.Length)]); break;
                default: list.RemoveRange(at, random.Next(4) == 0 ? list.Count - at : 1); break;
            }
        }

        return [.. list];
    }

    // The same shape with other values in it: wrong types, arrays for objects, numbers that no type holds.
    private string Rebuilt(string proper)
    {
        var text = proper;
        for (var times = random.Next(1, 5); times > 0; times--)
        {
            var root = JsonNode.Parse(proper)!;
            var places = Places(root).ToList();
            var (parent, key) = places[random.Next(places.Count)];
            var old = (parent is JsonArray array ? array[int.Parse(key, CultureInfo.InvariantCulture)] : parent[key])?.ToJsonString() ?? "null";
            var scrap = random.Next(4) switch
            {
                0 => $"[{old}]",
                1 => $"{{\"value\":{old}}}",
                2 => RandomJson.Any(random, 3)?.ToJsonString() ?? "null",
                _ => Scraps[random.Next(Scraps.Length)],
            };
            text = text.Replace(old, scrap, StringComparison.Ordinal);
        }

        return text;
    }

    // Every code that is known, and some that are not, in either shape.
    private string Envelope(string proper)
    {
        var status = new JsonObject { ["status_code"] = Code(), ["status"] = random.Next(2) == 0 ? "success" : "failed" };
        if (random.Next(2) == 0)
        {
            status["messages"] = new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => (JsonNode)new JsonObject
            {
                ["status_code"] = Code(), ["field"] = random.Next(2) == 0 ? "subject" : RandomJson.Any(random, 1), ["fields"] = new JsonArray(RandomJson.Any(random, 1), "priority"),
                ["message"] = random.Next(3) == 0 ? "EXTRA_KEY_FOUND_IN_JSON" : RandomJson.Any(random, 1),
            })]);
        }

        var answer = random.Next(2) == 0 ? JsonNode.Parse(proper)!.AsObject() : [];
        answer["response_status"] = random.Next(2) == 0 ? status : new JsonArray(status, random.Next(2) == 0 ? new JsonObject { ["status_code"] = Code() } : null);
        return answer.ToJsonString();
    }

    private JsonValue Code()
    {
        var code = Codes[random.Next(Codes.Length)];
        return random.Next(4) == 0 ? JsonValue.Create(code.ToString(CultureInfo.InvariantCulture)) : JsonValue.Create(code);
    }

    private static IEnumerable<(JsonNode Parent, string Key)> Places(JsonNode node) => node switch
    {
        JsonObject record => record.SelectMany(member => Below(record, member.Key, member.Value)),
        JsonArray array => array.SelectMany((item, index) => Below(array, index.ToString(CultureInfo.InvariantCulture), item)),
        _ => [],
    };

    private static IEnumerable<(JsonNode Parent, string Key)> Below(JsonNode parent, string key, JsonNode? value) =>
        [(parent, key), .. value is null ? [] : Places(value)];
}

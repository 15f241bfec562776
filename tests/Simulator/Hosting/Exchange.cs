using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Primitives;

namespace Sidecar.Simulator.Hosting;

/// <summary>One request, read to its end, and what the journal is to say about it.</summary>
internal sealed class Exchange
{
    public required Service Service { get; init; }
    public required string Method { get; init; }
    public required string Path { get; init; }
    public required IHeaderDictionary Headers { get; init; }
    public required IReadOnlyDictionary<string, string> Query { get; init; }
    public required IReadOnlyDictionary<string, string> Form { get; init; }
    public required IReadOnlyList<UploadedFile> Files { get; init; }
    public required string? ContentType { get; init; }
    public required string Body { get; init; }

    /// <summary>What the journal shows; set by the service as it finds out.</summary>
    public int? TokenOrdinal { get; set; }
    public string? Changed { get; set; }

    public bool IsForm => ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) == true;

    public string? Header(string name) => Headers.TryGetValue(name, out var value) ? value.ToString() : null;

    /// <summary>The value of "Authorization: scheme value", if the scheme is one of those.</summary>
    public string? Credential(params ReadOnlySpan<string> schemes)
    {
        var header = Header("Authorization") ?? "";
        foreach (var scheme in schemes)
            if (header.StartsWith(scheme + " ", StringComparison.OrdinalIgnoreCase))
                return header[(scheme.Length + 1)..].Trim();
        return null;
    }

    public JsonObject JsonBody()
    {
        if (Body.Length == 0)
            return [];
        return JsonNode.Parse(Body) as JsonObject ?? throw new JsonException("The body is not a JSON object.");
    }

    public static async Task<Exchange> ReadAsync(HttpContext context, Service service)
    {
        var request = context.Request;
        request.EnableBuffering();
        Dictionary<string, string> form = new(StringComparer.Ordinal);
        List<UploadedFile> files = [];
        var body = "";
        // The control API takes JSON whatever it is called: "curl -d" calls everything a form.
        if (request.HasFormContentType && service != Service.Control)
        {
            var read = await request.ReadFormAsync(context.RequestAborted);
            form = Flat(read);
            foreach (var file in read.Files)
            {
                using var content = new MemoryStream();
                await file.CopyToAsync(content, context.RequestAborted);
                files.Add(new UploadedFile(file.Name, file.FileName, file.ContentType, content.ToArray()));
            }
        }
        else
        {
            using var reader = new StreamReader(request.Body, leaveOpen: true);
            body = await reader.ReadToEndAsync(context.RequestAborted);
        }

        return new Exchange
        {
            Service = service,
            Method = request.Method,
            Path = request.Path.Value ?? "/",
            Headers = request.Headers,
            Query = Flat(request.Query),
            Form = form,
            Files = files,
            ContentType = request.ContentType,
            Body = body,
        };
    }

    private static Dictionary<string, string> Flat(IEnumerable<KeyValuePair<string, StringValues>> values) =>
        values.ToDictionary(pair => pair.Key, pair => pair.Value.LastOrDefault() ?? "", StringComparer.Ordinal);
}

internal sealed record UploadedFile(string Part, string Name, string ContentType, byte[] Content);

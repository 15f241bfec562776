using System.IO.Compression;
using System.Text;

namespace Sidecar.Simulator.Hosting;

/// <summary>A list that is valid and far too long, made as it is sent.</summary>
internal static class HugeAnswer
{
    private const string Head = """{"response_status":[{"status_code":2000,"status":"success"}],"requests":[""";
    private const string Row = """{"id":"234567000000108393","subject":"Much ado"},""";
    private const string Tail = """{"id":"234567000000108393"}],"list_info":{"has_more_rows":false}}""";

    /// <returns>The status that went out.</returns>
    public static async Task<int> SendAsync(HttpContext context, Fault fault)
    {
        var response = context.Response;
        response.StatusCode = fault.Status ?? 200;
        response.ContentType = fault.ContentType ?? "application/json;charset=UTF-8";
        foreach (var (name, value) in fault.Headers ?? new Dictionary<string, string>()) response.Headers.Append(name, value);
        try
        {
            if (response.Headers.ContentEncoding == "gzip")
            {
                await using var compressed = new GZipStream(response.Body, CompressionLevel.Fastest);
                await WriteAsync(compressed, fault.Size, context.RequestAborted);
            }
            else
            {
                await WriteAsync(response.Body, fault.Size, context.RequestAborted);
            }
        }
        catch (OperationCanceledException)
        {
            // The client went away: it had enough.
        }

        return response.StatusCode;
    }

    private static async Task WriteAsync(Stream body, long size, CancellationToken gone)
    {
        var rows = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(Row, 1000)));
        await body.WriteAsync(Encoding.ASCII.GetBytes(Head), gone);
        var left = size - Head.Length - Tail.Length;
        for (; left >= rows.Length; left -= rows.Length) await body.WriteAsync(rows, gone);
        // Spaces are nothing to JSON: the size comes out to the byte.
        await body.WriteAsync(Encoding.ASCII.GetBytes(new string(' ', (int)left) + Tail), gone);
    }
}

using System.Net;

namespace Sidecar.Broker.Onboarding.Grants;

/// <summary>The page that ends a consent: what was connected, or why not, and that it may be closed.</summary>
/// <param name="Title">In a few words.</param>
/// <param name="Good">True if it went well.</param>
/// <param name="Lines">What there is to say.</param>
internal sealed record ReturnPage(string Title, bool Good, IReadOnlyList<string> Lines)
{
    public static ReturnPage Done(params IReadOnlyList<string> lines) => new("Connected", true, [.. lines, "You can close this page."]);

    public static ReturnPage Failed(string what, string next) => new("Not connected", false, [what, next, "You can close this page."]);

    public Task WriteAsync(HttpResponse response, int status)
    {
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        // The address of this page holds the code.
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
        return response.WriteAsync(Html());
    }

    private string Html() => $$"""
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{{WebUtility.HtmlEncode(Title)}}</title>
        <style>
          body { font: 16px/1.5 system-ui, sans-serif; color: #1c2733; background: #f4f6f8; margin: 0; display: grid; min-height: 100vh; place-items: center; }
          main { background: #fff; border-radius: 10px; box-shadow: 0 1px 4px #0003; border-top: 6px solid {{(Good ? "#2e7d4f" : "#b3382c")}}; padding: 2rem 2.5rem; max-width: 34rem; margin: 1rem; }
          h1 { font-size: 1.5rem; margin: 0 0 1rem; }
          p { margin: .5rem 0; overflow-wrap: anywhere; }
          p:last-child { color: #5a6875; margin-top: 1.5rem; }
        </style>
        <main>
          <h1>{{WebUtility.HtmlEncode(Title)}}</h1>
          {{string.Concat(Lines.Select(line => $"<p>{WebUtility.HtmlEncode(line)}</p>"))}}
        </main>
        </html>
        """;
}

using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Sidecar.Shim.Tools;

namespace Sidecar.Shim.Landing;

/// <summary>A page that needs nothing but itself: no script, no asset, one style that its policy names by digest.</summary>
internal static class LandingPage
{
    private const string Style =
        "body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:3rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}"
        + "pre{background:#f4f4f4;padding:.8rem;overflow:auto}table{border-collapse:collapse}td{padding:.15rem .8rem .15rem 0;vertical-align:top}"
        + "@media(prefers-color-scheme:dark){body{color:#eee;background:#161616}pre{background:#262626}a{color:#8bf}}";

    public static string Policy { get; } =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static string Render(string url, bool takesKeys, bool takesTokens, IEnumerable<CatalogTool> tools) =>
        $"""
        <!doctype html>
        <html lang="en">
        <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>ServiceDesk Plus for AI clients</title><style>{Style}</style></head>
        <body>
        <h1>ServiceDesk Plus for AI clients</h1>
        <p>This is an MCP server. An AI client that is connected to it works on ServiceDesk Plus in one technician's name: it finds,
        opens, changes, answers and closes requests. The ServiceDesk Plus credential is kept by another process; this one has none.</p>
        <h2>Connect</h2>
        <p>The address is <code>{Html(url)}</code>. {Access(takesKeys, takesTokens)}</p>
        <h3>Claude Code</h3>
        <pre>{Html($"claude mcp add --transport http servicedesk-plus {url}{(takesKeys ? " --header \"X-API-Key: YOUR-KEY\"" : "")}")}</pre>
        <h3>Cursor, in .cursor/mcp.json</h3>
        <pre>{Html(ClientConfiguration("mcpServers", url, takesKeys, type: null))}</pre>
        <h3>VS Code, in .vscode/mcp.json</h3>
        <pre>{Html(ClientConfiguration("servers", url, takesKeys, "http"))}</pre>
        <h2>Tools</h2>
        <table>{string.Concat(tools.Select(tool => $"<tr><td><code>{Html(tool.Name)}</code></td><td>{Html(tool.Protocol.Title ?? "")}</td></tr>"))}</table>
        <p>The broker's policy may hide some. State: <a href="/readyz">/readyz</a>.</p>
        </body>
        </html>
        """;

    private static string Access(bool takesKeys, bool takesTokens) => (takesKeys, takesTokens) switch
    {
        (true, true) => "Your client may sign in with Entra ID, if it can: then leave the header with the key out. Or it shows an API key; put yours in place of YOUR-KEY.",
        (true, false) => "It wants an API key; put yours in place of YOUR-KEY.",
        (false, true) => "It wants you to sign in with Entra ID. Clients that can do that open a browser for it; some want a client id, which your administrator has.",
        _ => "It serves this machine only and wants no key.",
    };

    private static string ClientConfiguration(string section, string url, bool takesKeys, string? type) =>
        "{\n"
        + $"  \"{section}\": {{\n"
        + "    \"servicedesk-plus\": {\n"
        + (type is null ? "" : $"      \"type\": \"{type}\",\n")
        + $"      \"url\": \"{JavaScriptEncoder.Default.Encode(url)}\""
        + (takesKeys ? ",\n      \"headers\": { \"X-API-Key\": \"YOUR-KEY\" }\n" : "\n")
        + "    }\n  }\n}";

    private static string Html(string text) => HtmlEncoder.Default.Encode(text);
}

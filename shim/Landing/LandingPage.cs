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

    public static string Render(string url, bool needsKey, IEnumerable<CatalogTool> tools) =>
        $"""
        <!doctype html>
        <html lang="en">
        <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>ServiceDesk Plus for AI clients</title><style>{Style}</style></head>
        <body>
        <h1>ServiceDesk Plus for AI clients</h1>
        <p>This is an MCP server. An AI client that is connected to it works on ServiceDesk Plus in one technician's name: it finds,
        opens, changes, answers and closes requests. The ServiceDesk Plus credential is kept by another process; this one has none.</p>
        <h2>Connect</h2>
        <p>The address is <code>{Html(url)}</code>. {(needsKey ? "It wants an API key; put yours in place of YOUR-KEY." : "It serves this machine only and wants no key.")}</p>
        <h3>Claude Code</h3>
        <pre>{Html($"claude mcp add --transport http servicedesk-plus {url}{(needsKey ? " --header \"X-API-Key: YOUR-KEY\"" : "")}")}</pre>
        <h3>Cursor, in .cursor/mcp.json</h3>
        <pre>{Html(ClientConfiguration("mcpServers", url, needsKey, type: null))}</pre>
        <h3>VS Code, in .vscode/mcp.json</h3>
        <pre>{Html(ClientConfiguration("servers", url, needsKey, "http"))}</pre>
        <h2>Tools</h2>
        <table>{string.Concat(tools.Select(tool => $"<tr><td><code>{Html(tool.Name)}</code></td><td>{Html(tool.Protocol.Title ?? "")}</td></tr>"))}</table>
        <p>The broker's policy may hide some. State: <a href="/readyz">/readyz</a>.</p>
        </body>
        </html>
        """;

    private static string ClientConfiguration(string section, string url, bool needsKey, string? type) =>
        "{\n"
        + $"  \"{section}\": {{\n"
        + "    \"servicedesk-plus\": {\n"
        + (type is null ? "" : $"      \"type\": \"{type}\",\n")
        + $"      \"url\": \"{JavaScriptEncoder.Default.Encode(url)}\""
        + (needsKey ? ",\n      \"headers\": { \"X-API-Key\": \"YOUR-KEY\" }\n" : "\n")
        + "    }\n  }\n}";

    private static string Html(string text) => HtmlEncoder.Default.Encode(text);
}

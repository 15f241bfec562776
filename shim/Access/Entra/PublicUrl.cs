namespace Sidecar.Shim.Access.Entra;

/// <summary>
/// The MCP URL as clients know it, and where its metadata is. A gateway ends TLS and may have changed the path, so the request
/// alone does not tell. What X-Forwarded headers say counts for nothing: anybody can send them.
/// </summary>
internal sealed class PublicUrl(EntraSettings entra)
{
    public const string WellKnown = "/.well-known/oauth-protected-resource";

    private const string McpPath = "/mcp";

    /// <summary>Path at which the metadata is asked for: the well-known part, then the resource's own path.</summary>
    public string MetadataPath => WellKnown + (entra.ResourceUrl?.AbsolutePath.TrimEnd('/') ?? McpPath);

    /// <summary>What the metadata calls the resource. Written as it was set: Entra and clients compare it letter by letter.</summary>
    public string ResourceOf(HttpRequest request) => entra.ResourceUrl?.OriginalString ?? Origin(request) + McpPath;

    public string MetadataOf(HttpRequest request) => (entra.ResourceUrl?.GetLeftPart(UriPartial.Authority) ?? Origin(request)) + MetadataPath;

    // The host was checked against AllowedHosts. By a loopback name the shim is called itself; by any other, TLS is ended before it.
    private static string Origin(HttpRequest request) =>
        Uri.TryCreate($"http://{request.Host}", UriKind.Absolute, out var uri) && uri.IsLoopback ? $"http://{request.Host}" : $"https://{request.Host}";
}

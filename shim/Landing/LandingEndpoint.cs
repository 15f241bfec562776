using Sidecar.Shim.Access;
using Sidecar.Shim.Tools;

namespace Sidecar.Shim.Landing;

/// <summary><c>/</c>, for a person who opens the shim's address in a browser.</summary>
internal static class LandingEndpoint
{
    public static void MapLanding(this WebApplication app)
    {
        var tools = app.Services.GetRequiredService<ToolCatalog>();
        var needsKey = !app.Services.GetRequiredService<KeyRing>().IsOpen;
        app.MapGet("/", context =>
        {
            var headers = context.Response.Headers;
            headers.ContentType = "text/html; charset=utf-8";
            headers.ContentSecurityPolicy = LandingPage.Policy;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "no-referrer";
            headers.CacheControl = "no-store";
            return context.Response.WriteAsync(LandingPage.Render($"{context.Request.Scheme}://{context.Request.Host}/mcp", needsKey, tools.Tools));
        }).AllowAnonymous();
    }
}

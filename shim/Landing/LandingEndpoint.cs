using Sidecar.Shim.Access.Entra;
using Sidecar.Shim.Settings;
using Sidecar.Shim.Tools;

namespace Sidecar.Shim.Landing;

/// <summary><c>/</c>, for a person who opens the shim's address in a browser.</summary>
internal static class LandingEndpoint
{
    public static void MapLanding(this WebApplication app)
    {
        var tools = app.Services.GetRequiredService<ToolCatalog>();
        var settings = app.Services.GetRequiredService<ShimSettings>();
        var publicUrl = app.Services.GetService<PublicUrl>();
        app.MapGet("/", context =>
        {
            var headers = context.Response.Headers;
            headers.ContentType = "text/html; charset=utf-8";
            headers.ContentSecurityPolicy = LandingPage.Policy;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "no-referrer";
            headers.CacheControl = "no-store";
            return context.Response.WriteAsync(LandingPage.Render(
                publicUrl?.ResourceOf(context.Request) ?? $"{context.Request.Scheme}://{context.Request.Host}/mcp",
                takesKeys: settings.ApiKeys.Count > 0,
                takesTokens: settings.Entra is not null,
                tools.Tools));
        }).AllowAnonymous();
    }
}

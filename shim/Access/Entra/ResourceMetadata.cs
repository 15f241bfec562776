using System.Text.Json.Nodes;

namespace Sidecar.Shim.Access.Entra;

/// <summary>Where people sign in to call here, for clients to find out (RFC 9728). Anybody may read it.</summary>
internal static class ResourceMetadata
{
    public static void MapResourceMetadata(this WebApplication app)
    {
        if (app.Services.GetService<PublicUrl>() is not { } url) return;
        var entra = app.Services.GetRequiredService<EntraSettings>();
        foreach (var path in new[] { PublicUrl.WellKnown, $"{PublicUrl.WellKnown}/mcp", url.MetadataPath }.Distinct(StringComparer.Ordinal))
            app.MapGet(path, context => ReplyAsync(context, entra, url)).AllowAnonymous();
    }

    private static Task ReplyAsync(HttpContext context, EntraSettings entra, PublicUrl url)
    {
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync(new JsonObject
        {
            ["resource"] = url.ResourceOf(context.Request),
            ["authorization_servers"] = new JsonArray(entra.Issuer),
            ["scopes_supported"] = new JsonArray(entra.Scope),
            ["bearer_methods_supported"] = new JsonArray("header"),
            ["resource_name"] = "ServiceDesk Plus",
        }.ToJsonString());
    }
}

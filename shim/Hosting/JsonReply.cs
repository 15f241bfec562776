using System.Text.Json.Nodes;

namespace Sidecar.Shim.Hosting;

/// <summary>Short JSON answers outside MCP.</summary>
internal static class JsonReply
{
    public static Task ReplyAsync(this HttpContext context, int status, string code, string? reason = null)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        var body = new JsonObject { ["status"] = code };
        if (reason is not null) body["reason"] = reason;
        return context.Response.WriteAsync(body.ToJsonString());
    }
}

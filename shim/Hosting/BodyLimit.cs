using Sidecar.Shim.Settings;

namespace Sidecar.Shim.Hosting;

/// <summary>Says in words that a body is too large. The server enforces the limit; alone, it would close without a word.</summary>
internal static class BodyLimit
{
    public static void UseBodyLimit(this WebApplication app, ShimSettings settings) => app.Use(async (context, next) =>
    {
        if (context.Request.ContentLength > settings.MaxRequestBytes)
        {
            await RefuseAsync(context, settings);
            return;
        }

        try
        {
            await next(context);
        }
        catch (BadHttpRequestException problem) when (problem.StatusCode == StatusCodes.Status413PayloadTooLarge && !context.Response.HasStarted)
        {
            await RefuseAsync(context, settings);
        }
    });

    private static Task RefuseAsync(HttpContext context, ShimSettings settings) => context.ReplyAsync(
        StatusCodes.Status413PayloadTooLarge, "too_large", $"A request may have at most {settings.MaxRequestBytes} bytes (Shim__MaxRequestBytes).");
}

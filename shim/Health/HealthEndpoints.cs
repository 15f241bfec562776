using Sidecar.Shim.Broker;
using Sidecar.Shim.Hosting;

namespace Sidecar.Shim.Health;

/// <summary><c>/healthz</c>: the shim answers. <c>/readyz</c>: and so does a broker that can make calls.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this WebApplication app)
    {
        var broker = app.Services.GetRequiredService<BrokerClient>();
        app.MapGet("/healthz", context => context.ReplyAsync(StatusCodes.Status200OK, "ok")).AllowAnonymous();
        app.MapGet("/readyz", async context =>
        {
            var problem = await broker.WhyNotReadyAsync(context.RequestAborted);
            await (problem is null
                ? context.ReplyAsync(StatusCodes.Status200OK, "ready")
                : context.ReplyAsync(StatusCodes.Status503ServiceUnavailable, "not_ready", problem));
        }).AllowAnonymous();
    }
}

using Microsoft.Extensions.Logging.Console;

namespace Sidecar.Broker.Hosting;

internal static class Logs
{
    /// <summary>One JSON object a line for collectors, or plain lines on a terminal. Settings under <c>Logging__…</c> change levels.</summary>
    public static void AddLogs(this WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        if (Console.IsOutputRedirected) builder.Logging.AddJsonConsole(options => options.UseUtcTimestamp = true);
        else builder.Logging.AddSimpleConsole(options => options.SingleLine = true);
        builder.Services.Configure<ConsoleFormatterOptions>(options => options.TimestampFormat = "O");
        builder.Logging
            .AddFilter("Microsoft", LogLevel.Warning)
            .AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information)
            .AddFilter("Grpc", LogLevel.Warning)
            .AddConfiguration(builder.Configuration.GetSection("Logging"));
    }
}

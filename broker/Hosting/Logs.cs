using Microsoft.Extensions.Configuration.Memory;

namespace Sidecar.Broker.Hosting;

internal static class Logs
{
    // Below every other source, so that a Logging__LogLevel setting goes before it.
    private static readonly Dictionary<string, string?> Defaults = new()
    {
        ["Logging:LogLevel:Default"] = nameof(LogLevel.Information),
        ["Logging:LogLevel:Microsoft"] = nameof(LogLevel.Warning),
        ["Logging:LogLevel:Microsoft.Hosting.Lifetime"] = nameof(LogLevel.Information),
        // It logs status details, and those quote what the instance said.
        ["Logging:LogLevel:Grpc"] = nameof(LogLevel.Warning),
        // It calls it an error, twice a minute, that the broker is not ready. Why it is not, the parts of the broker log once, as what it is.
        ["Logging:LogLevel:Microsoft.Extensions.Diagnostics.HealthChecks"] = nameof(LogLevel.None),
    };

    /// <summary>One JSON object a line, with the trace id that the shim logs too. Settings under <c>Logging__…</c> change levels.</summary>
    public static void AddLogs(this WebApplicationBuilder builder)
    {
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = Defaults });
        builder.Logging.ClearProviders();
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
        builder.Logging.Configure(logging => logging.ActivityTrackingOptions = ActivityTrackingOptions.TraceId);
        builder.Logging.AddJsonConsole(console =>
        {
            console.IncludeScopes = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
        });
    }
}

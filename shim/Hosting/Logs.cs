using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Logging.Console;

namespace Sidecar.Shim.Hosting;

/// <summary>Structured logs on the console. They say which tool was called and how it went, never with what.</summary>
internal static class Logs
{
    private const string SdkCategory = "ModelContextProtocol";

    // Below every other source, so that a Logging__LogLevel setting goes before it.
    private static readonly Dictionary<string, string?> Defaults = new()
    {
        ["Logging:LogLevel:Default"] = nameof(LogLevel.Information),
        ["Logging:LogLevel:Microsoft"] = nameof(LogLevel.Warning),
        ["Logging:LogLevel:Microsoft.Hosting.Lifetime"] = nameof(LogLevel.Information),
    };

    public static void AddLogs(this IHostApplicationBuilder builder, bool stdio)
    {
        builder.Logging.ClearProviders();
        builder.Logging.AddJsonConsole(console => console.IncludeScopes = true);

        // The broker logs the same trace id.
        builder.Logging.Configure(logging => logging.ActivityTrackingOptions = ActivityTrackingOptions.TraceId);
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = Defaults });
        builder.Services.Configure<ConsoleLoggerOptions>(console =>
        {
            // Standard output belongs to the protocol there: one stray line breaks the client.
            if (stdio) console.LogToStandardErrorThreshold = LogLevel.Trace;
        });

        // At Trace the SDK logs whole messages, arguments and all. No Logging__LogLevel setting may turn that on.
        builder.Services.PostConfigure<LoggerFilterOptions>(filters =>
        {
            foreach (var rule in filters.Rules.Where(rule => rule.CategoryName?.StartsWith(SdkCategory, StringComparison.OrdinalIgnoreCase) == true).ToList())
                filters.Rules.Remove(rule);
            filters.Rules.Add(new LoggerFilterRule(providerName: null, SdkCategory, LogLevel.Warning, filter: null));
        });
    }
}

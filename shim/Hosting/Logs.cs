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
        builder.Logging.AddJsonConsole(console =>
        {
            console.IncludeScopes = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
        });

        // The broker logs the same trace id.
        builder.Logging.Configure(logging => logging.ActivityTrackingOptions = ActivityTrackingOptions.TraceId);
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = Defaults });
        builder.Services.Configure<ConsoleLoggerOptions>(console =>
        {
            // Standard output belongs to the protocol there: one stray line breaks the client.
            if (stdio) console.LogToStandardErrorThreshold = LogLevel.Trace;
        });

        // At Trace the SDK logs whole messages, arguments and all. No Logging setting may turn that on, not even one for a
        // single provider, which would go before any rule of ours: so the condition goes into every rule there is.
        builder.Services.PostConfigure<LoggerFilterOptions>(filters =>
        {
            var rules = filters.Rules.ToList();
            filters.Rules.Clear();
            foreach (var rule in rules) filters.Rules.Add(Discreet(rule));
        });
    }

    private static LoggerFilterRule Discreet(LoggerFilterRule rule) => new(
        rule.ProviderName,
        rule.CategoryName,
        rule.LogLevel,
        (provider, category, level) =>
            (level >= LogLevel.Warning || category?.StartsWith(SdkCategory, StringComparison.Ordinal) != true)
            && rule.Filter?.Invoke(provider, category, level) != false);
}

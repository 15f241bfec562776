using Sidecar.Shim.Access;
using Sidecar.Shim.Access.Entra;
using Sidecar.Shim.Broker;
using Sidecar.Shim.Health;
using Sidecar.Shim.Landing;
using Sidecar.Shim.Mcp;
using Sidecar.Shim.Settings;
using Sidecar.Shim.Tools;

namespace Sidecar.Shim.Hosting;

/// <summary>Puts the shim together: over HTTP, or on standard input and output.</summary>
internal static class ShimServer
{
    // A watch of appsettings.json would take one of the 128 that a user id has on a node: the 129th pod would not start.
    private static readonly string[] NoWatch = ["--hostBuilder:reloadConfigOnChange=false"];

    /// <param name="more">Settings and services besides, for tests that run the same pipeline.</param>
    /// <exception cref="SettingsException">A setting does not hold.</exception>
    public static WebApplication Build(Action<IHostApplicationBuilder>? more = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = NoWatch });
        builder.Logging.ClearProviders();
        more?.Invoke(builder);
        var settings = AddShim(builder, stdio: false);
        builder.Services.AddAccess(settings);
        builder.Services.AddMcp().WithHttp();
        builder.UseOnly(settings);

        var app = builder.Build();
        app.UseAccess();
        app.UseBodyLimit(settings);
        app.MapHealth();
        app.MapLanding();
        app.MapResourceMetadata();
        app.MapMcp("/mcp").RequireAuthorization();
        return app;
    }

    /// <exception cref="SettingsException">A setting does not hold.</exception>
    public static IHost BuildStdio()
    {
        var builder = Host.CreateApplicationBuilder(NoWatch);
        builder.Logging.ClearProviders();
        AddShim(builder, stdio: true);
        builder.Services.AddMcp().WithStdioServerTransport();
        return builder.Build();
    }

    private static ShimSettings AddShim(IHostApplicationBuilder builder, bool stdio)
    {
        var settings = SettingsReader.Read(builder.Configuration);
        builder.AddLogs(stdio);
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddBroker();
        builder.Services.AddTools();
        builder.Services.AddSingleton<Drain>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = Drain.Longest(settings.DrainTimeout));
        builder.Services.AddHostedService<UnobservedExceptions>();
        return settings;
    }
}

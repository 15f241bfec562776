using Microsoft.Extensions.Options;
using Sidecar.Broker.Audit;
using Sidecar.Broker.Callers;
using Sidecar.Broker.Credentials;
using Sidecar.Broker.Health;
using Sidecar.Broker.Operations;
using Sidecar.Broker.Policy;
using Sidecar.Broker.Sdp;
using Sidecar.Broker.Tls;
using Sidecar.Broker.Tokens;

namespace Sidecar.Broker.Hosting;

/// <summary><c>broker serve</c>.</summary>
internal static class BrokerServer
{
    public static IConfiguration Configuration() => new ConfigurationBuilder()
        .SetBasePath(Directory.GetCurrentDirectory())
        .AddJsonFile("appsettings.json", optional: true)
        .AddEnvironmentVariables()
        .Build();

    public static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await ServeAsync(CreateBuilder(Configuration()), cancellationToken);
        }
        catch (InvalidDataException exception)
        {
            await Console.Error.WriteLineAsync($"The settings cannot be read: {exception.Message}");
            return ExitCodes.BadSettings;
        }
        catch (IOException exception)
        {
            await Console.Error.WriteLineAsync($"The broker cannot start: {exception.Message}");
            return ExitCodes.Failed;
        }
    }

    private static async Task<int> ServeAsync(WebApplicationBuilder builder, CancellationToken cancellationToken)
    {
        var problems = Settings.Problems(builder.Services, builder.Configuration);
        if (problems.Count > 0)
        {
            foreach (var problem in problems) await Console.Error.WriteLineAsync(problem);
            return ExitCodes.BadSettings;
        }

        await using var app = builder.Build();
        app.MapGrpcService<CatalogService>();
        app.MapGrpcHealthChecksService();
        await app.StartAsync(cancellationToken);
        SocketFile.Open(app.Services.GetRequiredService<IOptions<BrokerOptions>>().Value);
        await app.Services.GetRequiredService<Drain>().RunAsync(app, cancellationToken);
        return 0;
    }

    public static WebApplicationBuilder CreateBuilder(IConfiguration configuration)
    {
        // A watch of appsettings.json would take one of the 128 that a user id has on a node: the 129th pod would not start.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = ["--hostBuilder:reloadConfigOnChange=false"] });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddConfiguration(configuration);
        builder.AddLogs();
        builder.AddListener();
        builder.Services
            .AddSingleton(TimeProvider.System)
            .AddOutboundTls()
            .AddCredentials()
            .AddTokens()
            .AddSdp()
            .AddPolicy()
            .AddOperations()
            .AddSingleton<AuditLog>()
            .AddSingleton<Drain>()
            .AddHealth()
            .AddHostedService<UnobservedExceptions>();
        return builder;
    }
}

using Sidecar.Broker.Callers;
using Sidecar.Broker.Audit;
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

    public static WebApplication Build(IConfiguration configuration)
    {
        var builder = WebApplication.CreateSlimBuilder();
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
            .AddHealth();

        var app = builder.Build();
        app.MapGrpcService<CatalogService>();
        app.MapGrpcHealthChecksService();
        return app;
    }

    public static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await using var app = Build(Configuration());
        var problems = Settings.Problems(app.Services);
        if (problems.Count > 0)
        {
            foreach (var problem in problems) await Console.Error.WriteLineAsync(problem);
            return ExitCodes.BadSettings;
        }

        await app.RunAsync(cancellationToken);
        return 0;
    }
}

namespace Sidecar.Broker.Health;

internal static class HealthSetup
{
    /// <summary>The standard gRPC health service; it answers with readiness.</summary>
    public static IServiceCollection AddHealth(this IServiceCollection services)
    {
        services.AddSingleton<Readiness>();
        services.AddGrpcHealthChecks().AddCheck<Readiness>("ready");
        return services;
    }
}

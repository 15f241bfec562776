using Microsoft.Extensions.Options;

namespace Sidecar.Broker.Policy;

internal static class PolicySetup
{
    /// <summary>The operator's say in what the broker performs.</summary>
    public static IServiceCollection AddPolicy(this IServiceCollection services)
    {
        services.AddOptions<PolicyOptions>()
            .BindConfiguration("Policy", o => o.ErrorOnUnknownConfiguration = true)
            .Configure<IConfiguration>((options, configuration) =>
            {
                // The binder knows indexed lists; one variable with commas is what people write. Both count.
                var section = configuration.GetSection("Policy");
                options.Toolsets = [.. options.Toolsets, .. Split(section["Toolsets"])];
                options.Allow = [.. options.Allow, .. Split(section["Allow"])];
                options.Deny = [.. options.Deny, .. Split(section["Deny"])];
            })
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<PolicyOptions>, PolicyOptionsValidator>();
        services.AddSingleton<EditionGate>();
        return services.AddSingleton<PolicyGate>();
    }

    private static string[] Split(string? list) => (list ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}

using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;
using Sidecar.Broker.Callers;
using Sidecar.Broker.Credentials;
using Sidecar.Broker.Policy;
using Sidecar.Broker.Sdp;
using Sidecar.Broker.Tls;
using Sidecar.Broker.Tokens;
using Sidecar.Telemetry;

namespace Sidecar.Broker.Hosting;

/// <summary>Checks all settings at once, so that one start tells everything that is wrong.</summary>
internal static class Settings
{
    public static IReadOnlyList<string> Problems(IServiceCollection services, IConfiguration configuration) =>
    [
        .. Check<BrokerOptions>(services, configuration, "Broker"),
        .. Check<CredentialOptions>(services, configuration, "Credential"),
        .. Check<SdpOptions>(services, configuration, "Sdp"),
        .. Check<PolicyOptions>(services, configuration, "Policy"),
        .. Check<TlsOptions>(services, configuration, "Tls"),
        .. Check<TokensOptions>(services, configuration, "Tokens"),
        .. TelemetrySettings.Problems(configuration),
    ];

    // The binder ends at the first value it cannot convert. That one is told, taken away, and the rest is looked at again.
    private static List<string> Check<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T>(
        IServiceCollection registered, IConfiguration configuration, string section)
        where T : class
    {
        var problems = new List<string>();
        var values = configuration.GetSection(section).AsEnumerable().Where(pair => pair.Value is not null).ToDictionary();
        while (true)
        {
            IServiceCollection services = new ServiceCollection();
            foreach (var service in registered) services.Add(service);
            services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
            using var provider = services.BuildServiceProvider();
            try
            {
                _ = provider.GetRequiredService<IOptions<T>>().Value;
                return problems;
            }
            catch (OptionsValidationException exception)
            {
                return [.. problems, .. exception.Failures];
            }
            catch (InvalidOperationException exception)
            {
                var bad = values.Keys.Where(key => IsNamed(key, exception.Message)).ToList();
                problems.AddRange(bad.Select(key => $"{key.Replace(":", "__", StringComparison.Ordinal)} is {Why(exception)}."));
                if (bad.Count == 0) return [.. problems, exception.Message];
                foreach (var key in bad) values.Remove(key);
            }
        }
    }

    // It names a value by its path and an unknown setting by its last part.
    private static bool IsNamed(string key, string message) =>
        message.Contains($"'{key}'", StringComparison.OrdinalIgnoreCase) || message.Contains($"'{key.Split(':')[1]}'", StringComparison.OrdinalIgnoreCase);

    private static string Why(InvalidOperationException exception) =>
        exception.InnerException is null ? "not a setting" : $"not what it has to be: {exception.InnerException.Message}";
}

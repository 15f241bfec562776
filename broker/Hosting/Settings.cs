using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;
using Sidecar.Broker.Callers;
using Sidecar.Broker.Credentials;
using Sidecar.Broker.Policy;
using Sidecar.Broker.Tls;

namespace Sidecar.Broker.Hosting;

/// <summary>Checks all settings at once, so that one start tells everything that is wrong.</summary>
internal static class Settings
{
    public static IReadOnlyList<string> Problems(IServiceCollection registered)
    {
        // A provider of its own: building the host would read them one by one, and end at the first that does not hold.
        using var services = registered.BuildServiceProvider();
        return
        [
            .. Check<BrokerOptions>(services),
            .. Check<CredentialOptions>(services),
            .. Check<PolicyOptions>(services),
            .. Check<TlsOptions>(services),
        ];
    }

    private static IEnumerable<string> Check<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T>(IServiceProvider services)
        where T : class
    {
        try
        {
            _ = services.GetRequiredService<IOptions<T>>().Value;
            return [];
        }
        catch (OptionsValidationException exception)
        {
            return exception.Failures;
        }
        catch (InvalidOperationException exception)
        {
            // The binder's: a value of the wrong type, or a setting that does not exist.
            return [exception.InnerException is { } inner ? $"{exception.Message} {inner.Message}" : exception.Message];
        }
    }
}

using Microsoft.Extensions.Options;

namespace Sidecar.Broker.Tls;

internal static class TlsSetup
{
    /// <summary>One place that decides whom outbound connections trust.</summary>
    public static IServiceCollection AddOutboundTls(this IServiceCollection services)
    {
        services.AddOptions<TlsOptions>().BindConfiguration("Tls", o => o.ErrorOnUnknownConfiguration = true).ValidateOnStart();
        services.AddSingleton<IValidateOptions<TlsOptions>, TlsOptionsValidator>();
        return services.AddSingleton<OutboundHandlers>();
    }
}

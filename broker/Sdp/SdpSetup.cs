using Microsoft.Extensions.Options;
using Sidecar.Broker.Tls;

namespace Sidecar.Broker.Sdp;

internal static class SdpSetup
{
    /// <summary>The only way to ServiceDesk Plus.</summary>
    public static IServiceCollection AddSdp(this IServiceCollection services)
    {
        services.AddOptions<SdpOptions>().BindConfiguration("Sdp", o => o.ErrorOnUnknownConfiguration = true).ValidateOnStart();
        services.AddSingleton<IValidateOptions<SdpOptions>, SdpOptionsValidator>();
        services.AddHttpClient(SdpClient.ClientName, client =>
            {
                client.Timeout = Timeout.InfiniteTimeSpan;
                client.MaxResponseContentBufferSize = 16 * 1024 * 1024;
            })
            .ConfigurePrimaryHttpMessageHandler(provider => provider.GetRequiredService<OutboundHandlers>().Create())
            .RemoveAllLoggers();
        services.AddSingleton<Dialect>();
        services.AddSingleton<ServerClock>();
        services.AddSingleton<Turnstile>();
        return services.AddSingleton<SdpClient>();
    }
}

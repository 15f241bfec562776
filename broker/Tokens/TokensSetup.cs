using Microsoft.Extensions.Options;
using Sidecar.Broker.Tls;

namespace Sidecar.Broker.Tokens;

internal static class TokensSetup
{
    /// <summary>Access tokens for the credential, renewed ahead of expiry.</summary>
    public static IServiceCollection AddTokens(this IServiceCollection services)
    {
        services.AddOptions<TokensOptions>().BindConfiguration("Tokens", o => o.ErrorOnUnknownConfiguration = true).ValidateOnStart();
        services.AddSingleton<IValidateOptions<TokensOptions>, TokensOptionsValidator>();
        services.AddHttpClient(ZohoAccounts.ClientName, client =>
            {
                client.Timeout = TimeSpan.FromSeconds(20);
                client.MaxResponseContentBufferSize = 64 * 1024;
            })
            .ConfigurePrimaryHttpMessageHandler(provider => provider.GetRequiredService<OutboundHandlers>().Create())
            // The factory's logger writes request URLs and headers; ours says what matters.
            .RemoveAllLoggers();
        services.AddSingleton<ZohoAccounts>();
        services.AddSingleton(provider => new TokenMemory(
            provider.GetRequiredService<IOptions<TokensOptions>>().Value.CachePath is { } path ? new TokenFile(path, Uptime.Boot) : null,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<TokenMemory>>()));
        services.AddSingleton<TechnicianKeys>();
        services.AddSingleton<TokenBroker>();
        return services.AddHostedService<TokenRenewal>();
    }
}

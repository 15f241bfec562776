using Azure.Core.Pipeline;
using Azure.Security.KeyVault.Secrets;
using Microsoft.Extensions.Options;
using Sidecar.Broker.Tls;

namespace Sidecar.Broker.Credentials;

internal static class CredentialsSetup
{
    /// <summary>The credential, from the source the settings name, read again in the background.</summary>
    public static IServiceCollection AddCredentials(this IServiceCollection services)
    {
        services.AddOptions<CredentialOptions>().BindConfiguration("Credential", o => o.ErrorOnUnknownConfiguration = true).ValidateOnStart();
        services.AddSingleton<IValidateOptions<CredentialOptions>, CredentialOptionsValidator>();
        services.AddSingleton(CreateSource);
        services.AddSingleton<CredentialStore>();
        return services.AddHostedService<CredentialWatcher>();
    }

    private static ICredentialSource CreateSource(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<CredentialOptions>>().Value;
        if (options.Source == CredentialSourceKind.File)
            return new FileSource(options.Path!, services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<FileSource>>());

        // A secret has at most 25 KB, a token less.
        var transport = new HttpClientTransport(new BoundedReplies(services.GetRequiredService<OutboundHandlers>().Create(), most: 256 * 1024));
        var client = new SecretClient(options.VaultUri, AzureIdentity.Create(options, transport), KeyVaultSource.Options(transport));
        return new KeyVaultSource(client, options.SecretName!);
    }
}

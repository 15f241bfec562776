using Sidecar.Shim.Settings;

namespace Sidecar.Shim.Access.Entra;

/// <summary>What signing in with Entra ID takes.</summary>
internal static class EntraSetup
{
    public static void AddEntra(this IServiceCollection services, EntraSettings entra)
    {
        services.AddSingleton(entra);
        services.AddSingleton<PublicUrl>();
        services.AddSingleton(provider => new KeySource(provider.GetRequiredService<ShimSettings>()));
        services.AddSingleton<EntraKeys>();
        services.AddSingleton<TokenCheck>();
        services.AddHostedService<KeysAtStart>();
    }
}

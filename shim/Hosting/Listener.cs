using Sidecar.Shim.Settings;

namespace Sidecar.Shim.Hosting;

/// <summary>Opens the one address of Shim__Listen and no other.</summary>
internal static class Listener
{
    public static void UseOnly(this WebApplicationBuilder builder, ShimSettings settings)
    {
        // The framework has settings of its own for where to listen, some set by its container images. Whether the shim
        // listens beyond loopback is decided by one setting that is checked, so those count for nothing.
        builder.WebHost.UseSetting(WebHostDefaults.ServerUrlsKey, "");
        builder.WebHost.UseSetting(WebHostDefaults.HttpPortsKey, "");
        builder.WebHost.UseSetting(WebHostDefaults.HttpsPortsKey, "");
        builder.WebHost.ConfigureKestrel(server =>
        {
            server.Configure(new ConfigurationBuilder().Build());
            server.AddServerHeader = false;
            server.Limits.MaxRequestBodySize = settings.MaxRequestBytes;
            settings.Listen.Open(server);
        });
    }
}

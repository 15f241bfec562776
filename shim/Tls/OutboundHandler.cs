using System.Net;
using System.Net.Security;
using System.Security.Authentication;

namespace Sidecar.Shim.Tls;

/// <summary>How the shim calls the world, which it does for public keys alone. HTTPS_PROXY is honoured by the handler itself.</summary>
internal static class OutboundHandler
{
    public static SocketsHttpHandler Create(string? caFile) => new()
    {
        // Keys come from where they were asked for, or not at all.
        AllowAutoRedirect = false,
        UseCookies = false,
        MaxResponseDrainSize = 0,
        AutomaticDecompression = DecompressionMethods.All,
        ActivityHeadersPropagator = null,
        ConnectTimeout = TimeSpan.FromSeconds(5),

        // Asked every few hours: a connection that is kept in between costs memory and is mostly dead when it is needed.
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(10),
        SslOptions = new SslClientAuthenticationOptions
        {
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CertificateChainPolicy = TrustedAuthorities.With(caFile),
        },
    };
}

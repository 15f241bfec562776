using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;

namespace Sidecar.Broker.Tls;

/// <summary>
/// Makes the handlers for every outbound connection, so that trust, TLS version and redirects are decided once.
/// HTTPS_PROXY is honoured by the handler itself.
/// </summary>
internal sealed class OutboundHandlers(IOptions<TlsOptions> options)
{
    private readonly X509ChainPolicy? _trust = options.Value.CaFile is { } file ? TrustSystemAnd(file) : null;

    public SocketsHttpHandler Create() => new()
    {
        // A redirect could carry a secret to another host; the API never needs one.
        AllowAutoRedirect = false,
        UseCookies = false,
        // What is left of an answer that is not wanted is not read to save its connection.
        MaxResponseDrainSize = 0,
        AutomaticDecompression = DecompressionMethods.All,
        // A call has a span, and sends no trace id: no header that a caller can influence leaves the pod.
        ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ConnectCallback = ConnectAsync,
        SslOptions = new SslClientAuthenticationOptions
        {
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CertificateChainPolicy = _trust,
        },
    };

    /// <summary>
    /// True for what a broken connection throws. Mostly it comes wrapped in an HttpRequestException; a connection that is cut
    /// while it is being made was seen to throw the socket's own.
    /// </summary>
    public static bool IsOfTheNetwork(Exception exception) =>
        exception is HttpRequestException or IOException or SocketException or AuthenticationException;

    public static X509Certificate2Collection ReadCertificates(string file)
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPemFile(file);
        return certificates;
    }

    private static X509ChainPolicy TrustSystemAnd(string file)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        using var system = new X509Store(StoreName.Root, StoreLocation.LocalMachine, OpenFlags.ReadOnly);
        policy.CustomTrustStore.AddRange(system.Certificates);
        policy.CustomTrustStore.AddRange(ReadCertificates(file));
        return policy;
    }

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            // Names below .localhost are this machine by definition (RFC 6761), but many resolvers do not know them.
            var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
            if (host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)) await socket.ConnectAsync("localhost", port, cancellationToken);
            else await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

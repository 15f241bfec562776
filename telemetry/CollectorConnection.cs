using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Configuration;

namespace Sidecar.Telemetry;

/// <summary>The way to the collector. Whom it trusts: the system's authorities, Tls__CaFile, and the standard's own setting.</summary>
internal static class CollectorConnection
{
    public static SocketsHttpHandler CreateHandler(IConfiguration configuration) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        // What is sent is never a part of what it tells of.
        ActivityHeadersPropagator = null,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        SslOptions = new()
        {
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CertificateChainPolicy = TrustSystemAnd(
            [
                .. new[] { configuration["Tls:CaFile"], configuration[TelemetrySettings.Certificate] }.Where(file => !string.IsNullOrEmpty(file)).Select(file => file!),
            ]),
        },
    };

    /// <summary>Why a file of authorities will not do; null if it will.</summary>
    public static string? ProblemWith(string file)
    {
        try
        {
            return Read(file).Count > 0 ? null : "holds no certificate in PEM.";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return $"cannot be read as PEM certificates: {exception.Message}";
        }
    }

    private static X509ChainPolicy? TrustSystemAnd(IReadOnlyList<string> files)
    {
        if (files.Count == 0) return null;
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        using var system = new X509Store(StoreName.Root, StoreLocation.LocalMachine, OpenFlags.ReadOnly);
        policy.CustomTrustStore.AddRange(system.Certificates);
        foreach (var file in files) policy.CustomTrustStore.AddRange(Read(file));
        return policy;
    }

    private static X509Certificate2Collection Read(string file)
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPemFile(file);
        return certificates;
    }
}

using System.Security.Cryptography.X509Certificates;

namespace Sidecar.Shim.Tls;

/// <summary>Whom outbound TLS trusts: the system's authorities, and those of <c>Tls__CaFile</c>.</summary>
internal static class TrustedAuthorities
{
    /// <summary>Why a file will not do, or null.</summary>
    public static string? ProblemWith(string caFile)
    {
        try
        {
            return Read(caFile).Count > 0 ? null : $"Tls__CaFile {caFile} holds no certificate in PEM.";
        }
        catch (Exception problem)
        {
            return $"Tls__CaFile {caFile} cannot be read as PEM certificates: {problem.Message}";
        }
    }

    /// <summary>Trust in the system's authorities and the file's; null if the system's are all.</summary>
    public static X509ChainPolicy? With(string? caFile)
    {
        if (caFile is null) return null;
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        using var system = new X509Store(StoreName.Root, StoreLocation.LocalMachine, OpenFlags.ReadOnly);
        policy.CustomTrustStore.AddRange(system.Certificates);
        policy.CustomTrustStore.AddRange(Read(caFile));
        return policy;
    }

    private static X509Certificate2Collection Read(string caFile)
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPemFile(caFile);
        return certificates;
    }
}

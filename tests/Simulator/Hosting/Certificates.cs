using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sidecar.Simulator.Hosting;

/// <summary>A CA that lives as long as the process, and the certificates it signs. No key touches a disk.</summary>
internal sealed class Certificates : IDisposable
{
    private readonly X509Certificate2 _authority;

    public Certificates(DateTimeOffset now, string domain)
    {
        var from = now.AddDays(-1);
        var to = now.AddDays(30);

        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authority = new CertificateRequest("CN=Simulator CA (FAKE)", authorityKey, HashAlgorithmName.SHA256);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        authority.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        authority.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(authority.PublicKey, false));
        _authority = authority.CreateSelfSigned(from, to);

        Server = Sign(domain, from, to.AddMinutes(-1));
        Expired = Sign(domain, from, now.AddMinutes(-1));
    }

    public X509Certificate2 Server { get; }

    /// <summary>One that has run out.</summary>
    public X509Certificate2 Expired { get; }

    public string AuthorityPem => _authority.ExportCertificatePem();

    public void Dispose()
    {
        Server.Dispose();
        Expired.Dispose();
        _authority.Dispose();
    }

    private X509Certificate2 Sign(string domain, DateTimeOffset from, DateTimeOffset to)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var leaf = new CertificateRequest($"CN={domain}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        foreach (var name in new[] { domain, $"*.{domain}", $"*.vault.{domain}", $"*.sdp.{domain}" })
            names.AddDnsName(name);
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        leaf.CertificateExtensions.Add(names.Build());
        leaf.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        leaf.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        leaf.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        leaf.CertificateExtensions.Add(
            X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_authority, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        using var signed = leaf.Create(_authority, from, to, RandomNumberGenerator.GetBytes(16));
        return signed.CopyWithPrivateKey(key);
    }
}

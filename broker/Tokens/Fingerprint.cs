using System.Security.Cryptography;
using System.Text;
using Sidecar.Broker.Credentials;

namespace Sidecar.Broker.Tokens;

/// <summary>Names a secret in the file without being one: part of a digest, of something that nobody can guess.</summary>
internal static class Fingerprint
{
    /// <summary>Of the refresh token alone, or of the technician key.</summary>
    public static string OfGrant(Credential credential) => Of(Grant(credential));

    /// <summary>Of this version of the credential.</summary>
    public static string OfCredential(Credential credential) => Of($"{credential.Version}\n{Grant(credential)}");

    private static string Grant(Credential credential) => credential switch
    {
        OnPremCredential onPrem => onPrem.TechnicianKey.Reveal(),
        _ => ((CloudCredential)credential).RefreshToken.Reveal(),
    };

    private static string Of(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];
}

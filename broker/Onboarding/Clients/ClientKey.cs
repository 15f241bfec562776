using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Sidecar.Broker.Credentials;

namespace Sidecar.Broker.Onboarding.Clients;

/// <summary>The key that a user's AI client opens the shim with. The shim is given the digest alone; the key is handed out once.</summary>
/// <param name="Key">The key.</param>
/// <param name="Digest">Its SHA-256, in lower-case hex: no secret, for nobody guesses 256 random bits.</param>
internal sealed record ClientKey(Secret Key, string Digest)
{
    /// <summary>A new one, of the same form as <c>shim keygen</c> makes.</summary>
    public static ClientKey Create()
    {
        var key = $"sdpshim_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32))}";
        return new ClientKey(new Secret(key), Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key))));
    }
}

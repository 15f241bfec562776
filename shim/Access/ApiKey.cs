using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Sidecar.Shim.Access;

/// <summary>An API key as the shim knows it: who holds it, and the SHA-256 of it. 256 random bits need no salt.</summary>
internal sealed record ApiKey(string Name, byte[] Digest)
{
    private const int MostNameCharacters = 64;

    /// <summary>A new key of 256 random bits; the prefix lets scanners find one that leaked.</summary>
    public static string Generate() => $"sdpshim_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32))}";

    public static string DigestOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    /// <summary>Why a name will not do, or null. It travels in a gRPC header, so it has to be plain ASCII.</summary>
    public static string? ProblemWithName(string name) =>
        name.Length is > 0 and <= MostNameCharacters && name.Trim() == name && name.All(letter => letter is >= ' ' and <= '~')
            ? null
            : $"has to be 1 to {MostNameCharacters} plain ASCII characters.";
}

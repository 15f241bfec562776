using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Sidecar.Sandbox;

/// <summary>A key for the shim, made anew for each run; the shim gets its digest only.</summary>
public sealed record ApiKey(string Value)
{
    /// <summary>What the shim is told.</summary>
    public string Sha256 => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Value)));

    /// <summary>Makes one.</summary>
    public static ApiKey Create() => new("sandbox-" + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)));
}

using System.Security.Cryptography;
using System.Text;
using Sidecar.Shim.Settings;

namespace Sidecar.Shim.Access;

/// <summary>The API keys that open the shim.</summary>
internal sealed class KeyRing(ShimSettings settings)
{
    /// <summary>True where the shim serves this machine only, to whoever is on it.</summary>
    public bool IsOpen => settings.ApiKeys.Count == 0 && settings.Entra is null;

    /// <summary>Whose key it is. Every key is compared, each in constant time, so that the time taken tells nothing.</summary>
    public string? HolderOf(string presented)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(presented), digest);
        string? holder = null;
        foreach (var key in settings.ApiKeys)
            if (CryptographicOperations.FixedTimeEquals(digest, key.Digest))
                holder = key.Name;

        return holder;
    }
}

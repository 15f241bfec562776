using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace Sidecar.Shim.Access.Entra;

/// <summary>The tenant's public keys, by id. Those for other uses, of other tenants or too short are left out.</summary>
internal sealed class KeySet
{
    private const int LeastBits = 2048;

    // A cache of verifiers would keep keys that were taken back, and a thread.
    private static readonly CryptoProviderFactory Uncached = new() { CacheSignatureProviders = false };

    private readonly Dictionary<string, RsaSecurityKey> _keys = new(StringComparer.Ordinal);

    private KeySet()
    {
    }

    public int Count => _keys.Count;

    public RsaSecurityKey? Find(string id) => _keys.GetValueOrDefault(id);

    /// <exception cref="JsonException">It is no key set.</exception>
    public static KeySet Parse(ReadOnlyMemory<byte> json, string issuer, string tenantId)
    {
        var set = new KeySet();
        using var document = JsonDocument.Parse(json);
        if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("keys", out var keys) || keys.ValueKind != JsonValueKind.Array)
            throw new JsonException("It is no key set.");
        foreach (var key in keys.EnumerateArray())
            if (key.ValueKind == JsonValueKind.Object && Text(key, "kid") is { Length: > 0 } id && IsForTokens(key, issuer, tenantId) && ReadKey(key, id) is { } read)
                set._keys[id] = read;

        return set;
    }

    // Entra says of a key whose tokens it signs; {tenantid} stands for any tenant.
    private static bool IsForTokens(JsonElement key, string issuer, string tenantId) =>
        Text(key, "kty") == "RSA"
        && Text(key, "use") is null or "sig"
        && Text(key, "alg") is null or "RS256"
        && (Text(key, "issuer") is not { } of || of.Replace("{tenantid}", tenantId, StringComparison.OrdinalIgnoreCase).Equals(issuer, StringComparison.OrdinalIgnoreCase));

    private static RsaSecurityKey? ReadKey(JsonElement key, string id)
    {
        var (modulus, exponent) = (Bytes(key, "n"), Bytes(key, "e"));
        return modulus is null || exponent is null || modulus.Length * 8 < LeastBits
            ? null
            : new RsaSecurityKey(new RSAParameters { Modulus = modulus, Exponent = exponent }) { KeyId = id, CryptoProviderFactory = Uncached };
    }

    private static byte[]? Bytes(JsonElement key, string name)
    {
        try
        {
            return Text(key, name) is { Length: > 0 } text ? Base64Url.DecodeFromChars(text) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement key, string name) =>
        key.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

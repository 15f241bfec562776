using System.Security.Cryptography;

namespace Sidecar.Simulator.Hosting;

/// <summary>Credentials that work nowhere else: random at every start, and saying that they are fake.</summary>
internal static class Fakes
{
    public static string Hex(int bytes) => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(bytes));

    public static string ClientId() => $"1000.FAKE{Hex(12).ToUpperInvariant()}";

    public static string ClientSecret() => $"fakesecret{Hex(16)}";

    /// <summary>Zoho's own form, 1000.hex.hex: "fa4e" marks it as ours and is still hex.</summary>
    public static string ZohoToken() => $"1000.fa4e{Hex(14)}.fa4e{Hex(14)}";

    /// <summary>The form that a key has on premises: a GUID in capitals; "FA4E" marks it as ours.</summary>
    public static string TechnicianKey() => $"FA4E{Guid.NewGuid().ToString("D").ToUpperInvariant()[4..]}";

    /// <summary>Three base64url parts, as a JWT has; the third is no signature.</summary>
    public static string Jwt(string payloadJson) =>
        $"{Base64Url("""{"typ":"JWT","alg":"none","kid":"FAKE"}""")}.{Base64Url(payloadJson)}.FAKE-{Hex(16)}";

    private static string Base64Url(string text) =>
        Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(text)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}

using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Sidecar.Tests.Containers.Pods.Gateway;

/// <summary>The part <c>jwt</c> of a SecurityPolicy: what Envoy Gateway does with a token before a route is chosen.</summary>
/// <param name="jwt">As rendered.</param>
/// <param name="keys">Gets what is published at an address.</param>
internal sealed class TokenPolicy(JsonObject jwt, HttpClient keys)
{
    private const string Bearer = "Bearer ";

    /// <summary>Verifies the request's token and writes its claims into headers.</summary>
    /// <returns>False if the request ends here with 401.</returns>
    public async Task<bool> ApplyAsync(HttpRequest request)
    {
        var provider = jwt["providers"]!.AsArray().Single()!;
        var authorization = (string?)request.Headers.Authorization;
        if (authorization?.StartsWith(Bearer, StringComparison.Ordinal) != true) return (bool?)jwt["optional"] == true;
        if (await ClaimsAsync(provider, authorization[Bearer.Length..]) is not { } claims) return false;
        foreach (var to in provider["claimToHeaders"]!.AsArray()) request.Headers[(string)to!["header"]!] = (string?)claims[(string)to["claim"]!];
        return true;
    }

    private async Task<JsonObject?> ClaimsAsync(JsonNode provider, string token)
    {
        var parts = token.Split('.');
        if (parts.Length != 3) return null;
        var (head, claims) = (Json(parts[0]), Json(parts[1]));
        var published = JsonNode.Parse(await keys.GetStringAsync(new Uri((string)provider["remoteJWKS"]!["uri"]!)))!["keys"]!.AsArray();
        var key = published.FirstOrDefault(key => (string?)key!["kid"] == (string?)head["kid"]);
        if (key is null || (string?)head["alg"] != "RS256") return null;
        using var rsa = RSA.Create(new RSAParameters { Modulus = Base64Url.DecodeFromChars((string)key["n"]!), Exponent = Base64Url.DecodeFromChars((string)key["e"]!) });
        var signed = rsa.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        return signed && (string?)claims["iss"] == (string?)provider["issuer"]
            && provider["audiences"]!.AsArray().Any(audience => (string?)audience == (string?)claims["aud"])
            && (long)claims["exp"]! > now && (long)claims["nbf"]! <= now + 60
            ? claims : null;
    }

    private static JsonObject Json(string part) => JsonNode.Parse(Base64Url.DecodeFromChars(part))!.AsObject();
}

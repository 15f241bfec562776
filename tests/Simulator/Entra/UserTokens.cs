using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Sidecar.Simulator.Entra;

/// <summary>Makes users' access tokens: their claims and signature as Microsoft documents them for version 2.0.</summary>
internal sealed class UserTokens(string authority, string tenantId, SigningKeys keys, Func<string, string> objectIdOf, DateTimeOffset now)
{
    /// <summary>The client that asked; the same for all.</summary>
    private const string ClientId = "aebc6443-0000-4000-8000-00000000fa4e";

    public string Make(EntraTokenWish wish)
    {
        var claims = Claims(wish);
        Bend(claims, wish);
        return wish.Kind switch
        {
            EntraTokenKind.AlgNone => $"{Part(Header("none", keys.Current.Id))}.{Part(claims)}.",
            EntraTokenKind.Hs256 => SignedWithThePublicKey(claims),
            EntraTokenKind.UnknownKey => Signed(claims, keys.Stranger.Id, keys.Stranger.Rsa),
            EntraTokenKind.KidOfAnother => Signed(claims, keys.Current.Id, keys.Stranger.Rsa),
            EntraTokenKind.Tampered => Changed(Signed(claims, keys.Current.Id, keys.Current.Rsa)),
            _ => Signed(claims, keys.Current.Id, keys.Current.Rsa),
        };
    }

    private JsonObject Claims(EntraTokenWish wish)
    {
        var (from, to) = wish.Kind switch
        {
            EntraTokenKind.Expired => (now.AddHours(-2), now.AddMinutes(-10)),
            EntraTokenKind.NotYetValid => (now.AddHours(1), now.AddHours(2)),
            _ => (now, now.AddSeconds(wish.LifetimeSeconds)),
        };
        var claims = new JsonObject
        {
            ["aud"] = wish.Audience,
            ["iss"] = $"{authority}/{tenantId}/v2.0",
            ["iat"] = from.ToUnixTimeSeconds(),
            ["nbf"] = from.ToUnixTimeSeconds(),
            ["exp"] = to.ToUnixTimeSeconds(),
            ["azp"] = ClientId,
            ["azpacr"] = "0",
            ["name"] = wish.PrincipalName.Split('@')[0],
            ["oid"] = objectIdOf(wish.PrincipalName),
            ["preferred_username"] = wish.PrincipalName,
            ["scp"] = wish.Scope,
            ["sub"] = Pairwise(wish),
            ["tid"] = tenantId,
            ["uti"] = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)),
            ["ver"] = "2.0",
        };
        if (wish.UpnClaim)
            claims["upn"] = wish.PrincipalName;
        return claims;
    }

    private void Bend(JsonObject claims, EntraTokenWish wish)
    {
        switch (wish.Kind)
        {
            case EntraTokenKind.Version1:
                claims["ver"] = "1.0";
                claims["iss"] = $"https://sts.windows.net/{tenantId}/";
                claims["aud"] = $"api://{wish.Audience}";
                claims["appid"] = ClientId;
                claims["unique_name"] = wish.PrincipalName;
                claims["upn"] = wish.PrincipalName;
                foreach (var name in new[] { "azp", "azpacr", "preferred_username" })
                    claims.Remove(name);
                break;
            case EntraTokenKind.OtherTenant:
                claims["tid"] = Guid.NewGuid().ToString();
                claims["iss"] = $"{authority}/{claims["tid"]}/v2.0";
                break;
            case EntraTokenKind.OtherAudience:
                claims["aud"] = Guid.NewGuid().ToString();
                break;
            case EntraTokenKind.OtherUser:
                (claims["oid"], claims["preferred_username"]) = (objectIdOf("mallory@example.com"), "mallory@example.com");
                if (wish.UpnClaim)
                    claims["upn"] = "mallory@example.com";
                break;
            case EntraTokenKind.Guest:
                claims["oid"] = objectIdOf($"guest of {wish.PrincipalName}");
                claims["idp"] = $"https://sts.windows.net/{Guid.NewGuid()}/";
                claims["email"] = wish.PrincipalName;
                if (wish.UpnClaim)
                    claims["upn"] = $"{wish.PrincipalName.Replace('@', '_')}#EXT#@example.onmicrosoft.com";
                break;
            case EntraTokenKind.AppOnly:
                foreach (var name in new[] { "scp", "preferred_username", "name", "upn" })
                    claims.Remove(name);
                claims["idtyp"] = "app";
                claims["roles"] = new JsonArray(wish.Scope);
                break;
            case EntraTokenKind.IdToken:
                claims.Remove("scp");
                break;
            case EntraTokenKind.WrongScope:
                claims["scp"] = $"openid {wish.Scope}.more";
                break;
            default:
                break;
        }
    }

    private string SignedWithThePublicKey(JsonObject claims)
    {
        var signing = $"{Part(Header("HS256", keys.Current.Id))}.{Part(claims)}";
        var secret = Encoding.ASCII.GetBytes(keys.Current.Rsa.ExportSubjectPublicKeyInfoPem());
        return $"{signing}.{Base64Url.EncodeToString(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(signing)))}";
    }

    private static string Signed(JsonObject claims, string keyId, RSA key)
    {
        var signing = $"{Part(Header("RS256", keyId))}.{Part(claims)}";
        return $"{signing}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(signing), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    private static string Changed(string token)
    {
        var parts = token.Split('.');
        var claims = JsonNode.Parse(Base64Url.DecodeFromChars(parts[1]))!.AsObject();
        claims["exp"] = (long)claims["exp"]! + 86_400;
        return $"{parts[0]}.{Part(claims)}.{parts[2]}";
    }

    // Another for each application.
    private static string Pairwise(EntraTokenWish wish) =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($"{wish.Audience} {wish.PrincipalName}")));

    private static JsonObject Header(string algorithm, string keyId) => new() { ["typ"] = "JWT", ["alg"] = algorithm, ["kid"] = keyId };

    private static string Part(JsonObject json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));
}

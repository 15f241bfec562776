using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Sidecar.Shim.Access.Entra;

/// <summary>Decides whether a bearer token is one of this tenant, for this application, of the owner, given by a person.</summary>
internal sealed class TokenCheck(EntraSettings entra, EntraKeys keys, TimeProvider clock)
{
    /// <summary>How far clocks may differ.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromMinutes(2);

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = 16 * 1024 };

    /// <summary>True for what has the form of a token, so that it cannot be an API key of ours.</summary>
    public static bool LooksLikeToken(string text) => text.StartsWith("eyJ", StringComparison.Ordinal) && text.Contains('.', StringComparison.Ordinal);

    /// <returns>Null if the token is the owner's.</returns>
    public async ValueTask<Refusal?> WhyNotAsync(string text, CancellationToken cancellation)
    {
        if (Read(text) is not { } token) return Refusal.Unreadable;

        // Before the signature: nothing of this lets anybody in, and a refusal should name what has to be mended.
        if (token.Alg != SecurityAlgorithms.RsaSha256) return Refusal.Algorithm;
        if (Claim(token, "ver") != "2.0") return Refusal.Version;
        if (token.Kid is not { Length: > 0 } id) return Refusal.UnknownKey;

        var (key, refusal) = await keys.FindAsync(id, cancellation);
        if (key is null) return refusal;

        var result = await _handler.ValidateTokenAsync(token, Expected(key));
        return result.IsValid ? WhyNotTheOwner(token) : Refused(result.Exception);
    }

    private Refusal? WhyNotTheOwner(JsonWebToken token)
    {
        // The issuer says it too; that both agree costs nothing.
        if (!Guid.TryParse(Claim(token, "tid"), out var tenant) || tenant != entra.TenantId) return Refusal.Issuer;
        if (Claim(token, "scp") is not { Length: > 0 } scopes || Claim(token, "idtyp") == "app") return Refusal.NoUser;
        if (!scopes.Split(' ').Contains(entra.ScopeName, StringComparer.Ordinal)) return Refusal.Scope;

        var principalName = Claim(token, "upn");
        if (entra.Owner.ObjectId is null && principalName is null) return Refusal.NoPrincipalName;
        return entra.Owner.Is(Claim(token, "oid"), principalName) ? null : Refusal.NotTheOwner;
    }

    private TokenValidationParameters Expected(SecurityKey key) => new()
    {
        ValidAlgorithms = [SecurityAlgorithms.RsaSha256],
        IssuerSigningKey = key,
        TryAllIssuerSigningKeys = false,
        ValidIssuer = entra.Issuer,
        ValidAudience = $"{entra.Audience:D}",
        LifetimeValidator = IsInTime,
    };

    private bool IsInTime(DateTime? notBefore, DateTime? expires, SecurityToken token, TokenValidationParameters expected)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        if (expires is not { } end || end + Skew <= now) throw new SecurityTokenExpiredException();
        return notBefore is { } start && start - Skew > now ? throw new SecurityTokenNotYetValidException() : true;
    }

    private static JsonWebToken? Read(string text)
    {
        try
        {
            // Three parts: five would be an encrypted token, which Entra does not make for APIs.
            return text.Count(letter => letter == '.') == 2 ? new JsonWebToken(text) : null;
        }
        catch (Exception)
        {
            return null;
        }
    }

    private static string? Claim(JsonWebToken token, string name)
    {
        try
        {
            return token.TryGetPayloadValue<string>(name, out var value) ? value : null;
        }
        catch (Exception)
        {
            // Of another type than Entra gives it.
            return null;
        }
    }

    private static Refusal Refused(Exception? problem) => problem switch
    {
        SecurityTokenExpiredException or SecurityTokenNoExpirationException => Refusal.Expired,
        SecurityTokenNotYetValidException => Refusal.NotYetValid,
        SecurityTokenInvalidAudienceException => Refusal.Audience,
        SecurityTokenInvalidIssuerException => Refusal.Issuer,
        SecurityTokenInvalidAlgorithmException => Refusal.Algorithm,
        SecurityTokenInvalidSignatureException => Refusal.Signature,
        _ => Refusal.Unreadable,
    };
}

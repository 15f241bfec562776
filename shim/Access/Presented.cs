using Sidecar.Shim.Access.Entra;
using Sidecar.Shim.Settings;

namespace Sidecar.Shim.Access;

/// <summary>What a caller shows at the door.</summary>
internal static class Presented
{
    private const string KeyHeader = "X-API-Key";
    private const string BearerPrefix = "Bearer ";

    /// <summary>The API key: the header's, or else the bearer token.</summary>
    public static string? Key(HttpRequest request) => request.Headers[KeyHeader].ToString() is { Length: > 0 } key ? key : Bearer(request);

    public static string? Bearer(HttpRequest request) =>
        request.Headers.Authorization.ToString() is { } header && header.StartsWith(BearerPrefix, StringComparison.OrdinalIgnoreCase)
            ? header[BearerPrefix.Length..].Trim()
            : null;

    /// <summary>Who is to judge it, where both keys and tokens may open: a key goes the keys' way, everything else Entra's.</summary>
    public static string SchemeFor(HttpRequest request, ShimSettings settings) =>
        settings.ApiKeys.Count > 0 && Key(request) is { } shown && (shown != Bearer(request) || !TokenCheck.LooksLikeToken(shown))
            ? ApiKeyHandler.SchemeName
            : EntraHandler.SchemeName;
}

using Microsoft.Extensions.Primitives;
using Sidecar.Shim.Settings;

namespace Sidecar.Shim.Access;

/// <summary>
/// Which web pages may call. A browser names the page's origin; other clients send none. The wildcard of AllowedHosts does
/// not count here: it says under what names the shim is reached, not that every page in the world may reach it.
/// </summary>
internal sealed class OriginPolicy(ShimSettings settings)
{
    private readonly List<StringSegment> _hosts = [.. settings.AllowedHosts.Where(host => host != "*").Select(host => new StringSegment(host))];

    public bool Allows(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri)
        && uri.Scheme is "http" or "https"
        && (HostString.MatchesAny(uri.Host, _hosts)
            || settings.AllowedOrigins.Contains(uri.GetLeftPart(UriPartial.Authority), StringComparer.OrdinalIgnoreCase));
}

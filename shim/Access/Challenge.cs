using Sidecar.Shim.Access.Entra;

namespace Sidecar.Shim.Access;

/// <summary>The header WWW-Authenticate: what was wrong, and where a client finds out how to sign in.</summary>
/// <param name="entra">Null if nobody signs in.</param>
/// <param name="url">Null likewise.</param>
internal sealed class Challenge(EntraSettings? entra = null, PublicUrl? url = null)
{
    /// <param name="request">What is answered.</param>
    /// <param name="error">Error code of RFC 6750, if something was sent.</param>
    /// <param name="description">What was wrong: words of ours, without quotes.</param>
    public string Of(HttpRequest request, string? error, string? description = null)
    {
        var parts = new List<string> { "realm=\"servicedesk-plus\"" };
        if (entra is not null && url is not null)
        {
            parts.Add($"resource_metadata=\"{url.MetadataOf(request)}\"");
            parts.Add($"scope=\"{entra.Scope}\"");
        }

        if (error is not null) parts.Add($"error=\"{error}\"");
        if (description is not null) parts.Add($"error_description=\"{description}\"");
        return $"Bearer {string.Join(", ", parts)}";
    }
}

using System.Net.Http.Headers;
using Sidecar.Broker.Credentials;

namespace Sidecar.Broker.Tokens;

/// <summary>What a call is authorised with: an access token of Zoho's, or on premises the technician key itself.</summary>
/// <param name="Value">Goes into its header and nowhere else.</param>
/// <param name="Credential">What it was made from: it is sent to no other instance, and serves no other version.</param>
/// <param name="Asked">When it was asked for, as time since the machine started.</param>
/// <param name="Expires">When Zoho ends it, as time since the machine started; a key is not ended by time.</param>
internal sealed record AccessToken(Secret Value, Credential Credential, TimeSpan Asked, TimeSpan Expires)
{
    /// <summary>The header that this instance takes a technician key in; null for a token of Zoho's.</summary>
    public string? KeyHeader { get; init; }

    /// <summary>
    /// True once an instance has refused the key. Who still waits for a turn with it does not send it: fifteen refusals in a
    /// minute lock the technician out.
    /// </summary>
    public bool IsRefused { get; set; }

    /// <summary>Puts it where the instance looks for it.</summary>
    public void Authorize(HttpRequestHeaders headers)
    {
        if (KeyHeader is null)
        {
            headers.Authorization = new AuthenticationHeaderValue("Zoho-oauthtoken", Value.Reveal());
            return;
        }

        headers.TryAddWithoutValidation(KeyHeader, Value.Reveal());
        if (Credential.Portal is { } portal) headers.TryAddWithoutValidation("PORTALID", portal);
    }
}

using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Sidecar.Broker.Credentials;

namespace Sidecar.Broker.Onboarding.Grants;

/// <summary>One asking for consent: its state and its PKCE verifier are good for this once.</summary>
/// <param name="accounts">The accounts server.</param>
/// <param name="clientId">The client that asks.</param>
/// <param name="scopes">What it asks for.</param>
/// <param name="redirect">Where the browser returns to.</param>
internal sealed class GrantRequest(Uri accounts, string clientId, string scopes, Uri redirect)
{
    private readonly byte[] _state = RandomNumberGenerator.GetBytes(32);

    public Uri Redirect { get; } = redirect;

    /// <summary>What the challenge is made of: whoever takes the code on its way cannot exchange it without.</summary>
    public Secret Verifier { get; } = new(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(48)));

    /// <summary>The page to open. Without offline access and a prompt there is no refresh token.</summary>
    public Uri Page => new(accounts, "/oauth/v2/auth?" + string.Join('&', new (string Name, string Value)[]
    {
        ("response_type", "code"),
        ("client_id", clientId),
        ("scope", scopes),
        ("redirect_uri", Redirect.OriginalString),
        ("access_type", "offline"),
        ("prompt", "consent"),
        ("state", Base64Url.EncodeToString(_state)),
        ("code_challenge", Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier.Reveal())))),
        ("code_challenge_method", "S256"),
    }.Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(parameter.Value)}")));

    /// <summary>True for the state of this asking, in time that tells nothing of it.</summary>
    public bool IsMine(string state) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(state), Encoding.UTF8.GetBytes(Base64Url.EncodeToString(_state)));
}

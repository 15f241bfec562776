using Sidecar.Broker.Credentials;

namespace Sidecar.Broker.Tokens;

/// <summary>A Zoho access token.</summary>
/// <param name="Value">Goes into the Authorization header and nowhere else.</param>
/// <param name="Credential">What it was made from: it is sent to no other instance, and serves no other version.</param>
/// <param name="Asked">When it was asked for.</param>
/// <param name="Expires">When Zoho ends it.</param>
internal sealed record AccessToken(Secret Value, Credential Credential, DateTimeOffset Asked, DateTimeOffset Expires);

using Sidecar.Broker.Credentials;

namespace Sidecar.Broker.Tokens;

/// <summary>A Zoho access token.</summary>
/// <param name="Value">Goes into the Authorization header and nowhere else.</param>
/// <param name="Credential">What it was made from: it is sent to no other instance, and serves no other version.</param>
/// <param name="Asked">When it was asked for, as time since the machine started.</param>
/// <param name="Expires">When Zoho ends it, as time since the machine started.</param>
internal sealed record AccessToken(Secret Value, Credential Credential, TimeSpan Asked, TimeSpan Expires);

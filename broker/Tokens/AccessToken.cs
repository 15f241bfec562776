using Sidecar.Broker.Credentials;

namespace Sidecar.Broker.Tokens;

/// <summary>A Zoho access token.</summary>
/// <param name="Value">Goes into the Authorization header and nowhere else.</param>
/// <param name="Credential">The credential it was made from: a rotated one is never served by an old token, nor an old token sent to a new instance.</param>
/// <param name="Expires">When Zoho ends it.</param>
internal sealed record AccessToken(Secret Value, Credential Credential, DateTimeOffset Expires);

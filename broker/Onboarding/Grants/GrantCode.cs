using Sidecar.Broker.Credentials;

namespace Sidecar.Broker.Onboarding.Grants;

/// <summary>A code that can be exchanged once, and what has to be shown with it.</summary>
/// <param name="Code">The code.</param>
/// <param name="Redirect">Where it was sent to; null for one of the API console.</param>
/// <param name="Verifier">What its challenge was made of; null for one of the API console.</param>
internal sealed record GrantCode(Secret Code, Uri? Redirect, Secret? Verifier);

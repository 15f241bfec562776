namespace Sidecar.Broker.Onboarding.Overlays;

/// <summary>What one user's pod differs in from every other.</summary>
/// <param name="Vault">The vault that holds the credential.</param>
/// <param name="SecretName">Name of the secret there.</param>
/// <param name="Wish">What the pod may do: becomes its policy.</param>
/// <param name="AzureClientId">Client id of the user's managed identity; null as long as there is none.</param>
/// <param name="KeyDigest">SHA-256 of the key that the user's AI client calls with, in hex; null where there is none.</param>
/// <param name="Owner">Object id or user principal name of the user at Entra ID; null where nobody said and the address is none.</param>
internal sealed record OverlayFacts(Uri Vault, string SecretName, AccessWish Wish, string? AzureClientId, string? KeyDigest, string? Owner);

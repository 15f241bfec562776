namespace Sidecar.Tests.Manifests.Rendering;

/// <summary>A component as the guide presents it.</summary>
/// <param name="Name">Its folder.</param>
/// <param name="InPlaceOf">What it is another way of doing: of those with the same word, one.</param>
/// <param name="Needs">What has to stand before it: one of these.</param>
internal sealed record Component(string Name, string InPlaceOf, params string[] Needs)
{
    /// <summary>All of them, in the order in which they are to be listed.</summary>
    public static IReadOnlyList<Component> All { get; } =
    [
        new("unix-socket", "loopback"),
        new("csi", "vault"),
        new("kubernetes-secret", "vault"),
        new("gateway", "port-forward"),
        new("entra", "keys alone"),
        new("one-url", "port-forward", "entra"),
        new("allowlist", "any network", "gateway", "one-url"),
        new("scale-to-zero", "always there", "gateway", "one-url"),
        new("private-network", "public addresses alone"),
        new("cilium", "all public addresses"),
        new("otel", "logs alone"),
    ];
}

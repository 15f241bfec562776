using k8s.Models;

namespace Sidecar.Tests.Manifests.Policy;

/// <summary>Where the secret is and where it is not.</summary>
internal static class SecretRules
{
    // What the model's side of a pod may know. Not where the vault is, and not the name of the secret.
    private static readonly string[] ShimMayKnow = ["Shim__", "AllowedHosts", "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_RESOURCE_ATTRIBUTES"];

    public static IReadOnlyList<Rule> All { get; } =
    [
        Rule.Of("The webhook passes over the shim", rendered => rendered.Deployment.Spec.Template.Metadata.Annotations?.TryGetValue("azure.workload.identity/skip-containers", out var skipped) == true && skipped == "shim"),
        Rule.Of("There is a token of Azure only where the broker asks the vault", rendered =>
            rendered.Deployment.Spec.Template.Metadata.Labels.ContainsKey("azure.workload.identity/use") == (rendered.Settings(rendered.Broker).GetValueOrDefault("Credential__Source") != "File")),
        Rule.Of("Manifests hold no secret", rendered => !rendered.All("Secret").Any() && rendered.All("SecretProviderClass").All(one => one["spec"]!["secretObjects"] is null)),
        Rule.OfEach("No environment holds a secret", container => container.Env is null or [] && container.EnvFrom is [{ ConfigMapRef: not null, SecretRef: null, Prefix: null }]),
        new Rule("The shim knows its own settings alone", rendered => rendered.Settings(rendered.Shim) is { Count: > 0 } settings
            ? settings.Keys.Where(key => !ShimMayKnow.Any(known => key.StartsWith(known, StringComparison.Ordinal))) : ["It has none"]),
        Rule.Of("Nobody calls without a key or a token", rendered => rendered.Settings(rendered.Shim).Keys.Any(key => key is "Shim__Access__ApiKeys__0__Sha256" or "Shim__Access__Entra__Owner")),
        new Rule("The shim mounts nothing but the socket", rendered => Mounts(rendered.Shim).Where(mount => mount is not { Name: "socket", ReadOnlyProperty: true }).Select(mount => mount.Name)),
        Rule.Of("The broker's tokens are in its own memory", rendered => Mounts(rendered.Broker).SingleOrDefault(mount => mount.Name == "tokens") is { } mount
            && rendered.Settings(rendered.Broker).GetValueOrDefault("Tokens__CachePath")?.StartsWith($"{mount.MountPath}/", StringComparison.Ordinal) == true
            && rendered.Pod.Volumes.Any(volume => volume is { Name: "tokens", EmptyDir.Medium: "Memory" }) && Mounts(rendered.Shim).All(other => other.Name != "tokens")),
        Rule.Of("The credential's file is where the broker looks, read-only, and closed to others", rendered => rendered.Settings(rendered.Broker) is var settings && settings.GetValueOrDefault("Credential__Source") != "File"
            ? rendered.Pod.Volumes.All(volume => volume.Name != "credential") : Mounts(rendered.Broker).SingleOrDefault(mount => mount.Name == "credential") is { ReadOnlyProperty: true, SubPath: null } mount
                && settings["Credential__Path"].StartsWith($"{mount.MountPath}/", StringComparison.Ordinal) && rendered.Pod.Volumes.Single(volume => volume.Name == "credential") is var volume
                && (volume.Csi is not null || volume.Secret is { DefaultMode: 288, SecretName: { } name } && name == $"sdp-{rendered.Slug}" && rendered.Pod.SecurityContext.FsGroup == rendered.Broker.SecurityContext.RunAsGroup)),
        Rule.Of("The CSI driver is asked for this user's secret, as this user's identity", rendered => !rendered.Combination.Has("csi") || rendered.All("SecretProviderClass").Single() is var one
            && rendered.Pod.Volumes.Single(volume => volume.Name == "credential").Csi.VolumeAttributes["secretProviderClass"] == (string?)one["metadata"]!["name"]
            && ((string)one["spec"]!["parameters"]!["objects"]!).Contains($"objectName: \"sdp-{rendered.Slug}\"", StringComparison.Ordinal) && (string?)one["spec"]!["parameters"]!["keyvaultName"] == "my-vault"
            && (string?)one["spec"]!["parameters"]!["clientID"] == rendered.Settings(rendered.Broker)["AZURE_CLIENT_ID"] && (string?)one["spec"]!["parameters"]!["tenantID"] == rendered.Settings(rendered.Broker)["AZURE_TENANT_ID"]),
        Rule.Of("The broker's socket is for the shim's user", rendered => rendered.Settings(rendered.Broker) is var broker && broker.TryGetValue("Broker__Listen", out var listen)
            ? listen.StartsWith("unix:", StringComparison.Ordinal) && rendered.Settings(rendered.Shim).GetValueOrDefault("Shim__Broker") == listen && broker.GetValueOrDefault("Broker__AllowedUids") == $"{rendered.Shim.SecurityContext.RunAsUser}"
                && new[] { rendered.Broker, rendered.Shim }.All(container => Mounts(container).Any(mount => mount.Name == "socket" && listen[5..].StartsWith($"{mount.MountPath}/", StringComparison.Ordinal)))
            : !rendered.Combination.Has("unix-socket") && !rendered.Settings(rendered.Shim).ContainsKey("Shim__Broker")),
    ];

    private static IEnumerable<V1VolumeMount> Mounts(V1Container container) => container.VolumeMounts ?? [];
}

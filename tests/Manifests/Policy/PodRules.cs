using System.Globalization;
using Sidecar.Tests.Manifests.Rendering;

namespace Sidecar.Tests.Manifests.Policy;

/// <summary>The pod as a whole.</summary>
internal static class PodRules
{
    public static IReadOnlyList<Rule> All { get; } =
    [
        Rule.Of("There is one pod, and never two at once", rendered => rendered.Deployment.Spec.Strategy?.Type == "Recreate" && rendered.Deployment.Spec.Replicas == (rendered.All("HTTPScaledObject").Any() ? null : 1)
            && rendered.All("HTTPScaledObject").All(scaled => (long?)scaled["spec"]!["replicas"]!["max"] == 1)),
        Rule.Of("No container has a token of the cluster", rendered => rendered.Pod.AutomountServiceAccountToken == false
            && rendered.Of<k8s.Models.V1ServiceAccount>("ServiceAccount").Single() is { AutomountServiceAccountToken: false } account && account.Metadata.Name == rendered.Pod.ServiceAccountName),
        Rule.Of("The pod has no part in its node", rendered => rendered.Pod is { HostNetwork: not true, HostPID: not true, HostIPC: not true, HostAliases: null }
            && Rule.Containers(rendered).All(container => (container.Ports ?? []).All(port => port.HostPort is null))),
        Rule.Of("The processes of its containers do not see each other", rendered => rendered.Pod.ShareProcessNamespace is not true),
        Rule.Of("The pod is of the restricted profile", rendered => rendered.Pod.SecurityContext is { RunAsNonRoot: true, SeccompProfile.Type: "RuntimeDefault", Sysctls: null }),
        Rule.Of("Volumes are in memory, or hold the credential", rendered => rendered.Pod.Volumes.All(volume =>
            volume.EmptyDir is { Medium: "Memory", SizeLimit: not null } || volume is { Name: "credential", Csi.ReadOnlyProperty: true } or { Name: "credential", Secret: not null })),
        Rule.Of("No other service's address is in its environment", rendered => rendered.Pod.EnableServiceLinks == false),
        Rule.Of("The broker starts before the shim and ends after it", rendered => rendered.Pod.InitContainers is [{ Name: "broker", RestartPolicy: "Always", StartupProbe: not null }] && rendered.Pod.Containers is [{ Name: "shim" }]),
        Rule.Of("There is time for both drains, one after the other", rendered => rendered.Pod.TerminationGracePeriodSeconds >= Drain(rendered, "Broker__DrainTimeout") + Drain(rendered, "Shim__DrainTimeout") + 20),
        Rule.Of("The shim's drain outlasts a write", rendered => Drain(rendered, "Shim__DrainTimeout") > 60),
        Rule.Of("Every object is this user's, by name and label", rendered => rendered.Documents.All(document => document["metadata"] is { } metadata && (string?)metadata["namespace"] == "sidecar"
            && (string?)metadata["labels"]?["sidecar/user"] == rendered.Slug && ((string)metadata["name"]!).StartsWith(rendered.Prefix, StringComparison.Ordinal))),
        Rule.Of("The Service leads to this pod", rendered => rendered.Of<k8s.Models.V1Service>("Service").Single().Spec is { Ports: [{ TargetPort.Value: "mcp" }] } service && NetworkRules.Selects(service.Selector, rendered)
            && rendered.Shim.Ports is [{ Name: "mcp", ContainerPort: 8080 }] && service.Selector["sidecar/user"] == rendered.Slug),
    ];

    private static double Drain(Rendered rendered, string setting) =>
        TimeSpan.TryParse(rendered.Settings(setting[0] == 'B' ? rendered.Broker : rendered.Shim).GetValueOrDefault(setting), CultureInfo.InvariantCulture, out var time) ? time.TotalSeconds : double.NaN;
}

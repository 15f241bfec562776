using k8s.Models;

namespace Sidecar.Tests.Manifests.Policy;

/// <summary>Each container.</summary>
internal static class ContainerRules
{
    public static IReadOnlyList<Rule> All { get; } =
    [
        Rule.OfEach("No container gains rights", container => container.SecurityContext is { AllowPrivilegeEscalation: false, Privileged: not true, ProcMount: null }),
        Rule.OfEach("No container has a capability", container => container.SecurityContext?.Capabilities is { Drop: ["ALL"], Add: null or [] }),
        Rule.OfEach("Roots are read-only", container => container.SecurityContext?.ReadOnlyRootFilesystem == true),
        Rule.OfEach("No container is root", container => container.SecurityContext is { RunAsUser: > 0, RunAsGroup: > 0, RunAsNonRoot: not false, SeccompProfile: null }),
        Rule.Of("Broker and shim are two users", rendered => Rule.Containers(rendered).Select(container => container.SecurityContext?.RunAsUser).Distinct().Count() == 2
            && Rule.Containers(rendered).Select(container => container.SecurityContext?.RunAsGroup).Distinct().Count() == 2),
        Rule.OfEach("CPU and memory have requests and limits that fit", container => container.Resources is { Requests: { } requests, Limits: { } limits }
            && new[] { "cpu", "memory" }.All(name => requests.TryGetValue(name, out var request) && limits.TryGetValue(name, out var limit) && request.ToDecimal() > 0 && request.ToDecimal() <= limit.ToDecimal())),
        Rule.OfEach("Images have a version", container => container.Image.Split(':') is [_, not "latest"] || container.Image.Contains("@sha256:", StringComparison.Ordinal)),
        Rule.OfEach("Programs run by their own name", container => container.Command is [var program, "serve"] && program == container.Name && container.Args is null),
        Rule.Of("The broker is asked by its own command, for it listens on loopback", rendered => rendered.Broker is { LivenessProbe: { } live, StartupProbe: { } start, ReadinessProbe: { } ready }
            && Asks(live, "broker", "health", "--live") && Asks(start, "broker", "health", "--live") && Asks(ready, "broker", "health")),
        Rule.Of("Being asked does not cost the broker much", rendered => rendered.Broker is { LivenessProbe.PeriodSeconds: >= 30, ReadinessProbe.PeriodSeconds: >= 30 }),
        Rule.Of("The shim is asked over HTTP by a name that it serves", rendered => rendered.Shim is { LivenessProbe: { } live, ReadinessProbe: { } ready } && Asks(live, "/healthz") && Asks(ready, "/readyz")),
        Rule.Of("The shim listens where the kubelet asks", rendered => rendered.Settings(rendered.Shim).GetValueOrDefault("Shim__Listen") == "http://0.0.0.0:8080" && rendered.Shim.Ports is [{ Name: "mcp", ContainerPort: 8080 }]),
        Rule.Of("What could only be mended elsewhere restarts nothing", rendered => Rule.Containers(rendered).All(container =>
            container.LivenessProbe is { } live && (live.Exec?.Command?.Contains("--live") == true || live.HttpGet?.Path == "/healthz") && live.FailureThreshold is null or >= 3 && live.TimeoutSeconds >= 5)),
    ];

    private static bool Asks(V1Probe probe, params string[] command) => command is [['/', ..] path]
        ? probe is { Exec: null, HttpGet: { Port.Value: "mcp", HttpHeaders: [{ Name: "Host", Value: "localhost" }] } get } && get.Path == path
        : probe is { HttpGet: null, TcpSocket: null, Grpc: null, Exec.Command: { } asked } && asked.SequenceEqual(command);
}

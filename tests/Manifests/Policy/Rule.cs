using Sidecar.Tests.Manifests.Rendering;

namespace Sidecar.Tests.Manifests.Policy;

/// <summary>Something that holds for every pod, whatever it is made of.</summary>
/// <param name="Name">What holds.</param>
/// <param name="Faults">Where it does not.</param>
internal sealed record Rule(string Name, Func<Rendered, IEnumerable<string>> Faults)
{
    public static IReadOnlyList<Rule> All { get; } = [.. PodRules.All, .. ContainerRules.All, .. SecretRules.All, .. NetworkRules.All, .. RouteRules.All];

    /// <summary>One that a single question answers.</summary>
    public static Rule Of(string name, Func<Rendered, bool> holds) => new(name, rendered => holds(rendered) ? [] : [name]);

    /// <summary>One that is asked of each container.</summary>
    public static Rule OfEach(string name, Func<k8s.Models.V1Container, bool> holds) =>
        new(name, rendered => Containers(rendered).Where(container => !holds(container)).Select(container => container.Name));

    public static IEnumerable<k8s.Models.V1Container> Containers(Rendered rendered) => [.. rendered.Pod.InitContainers ?? [], .. rendered.Pod.Containers];

    public override string ToString() => Name;
}

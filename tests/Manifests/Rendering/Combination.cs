namespace Sidecar.Tests.Manifests.Rendering;

/// <summary>Components that somebody might use together.</summary>
internal sealed record Combination(IReadOnlyList<string> Components)
{
    /// <summary>Every subset that does not contradict itself.</summary>
    public static IReadOnlyList<Combination> All { get; } =
    [
        .. from bits in Enumerable.Range(0, 1 << Component.All.Count)
           let chosen = Component.All.Where((_, at) => (bits >> at & 1) == 1).ToList()
           where Holds(chosen) && !IsLeftOut(chosen)
           select new Combination([.. chosen.Select(component => component.Name)]),
    ];

    public static Combination Of(params string[] components) => new(components);

    public bool Has(string component) => Components.Contains(component);

    public override string ToString() => Components.Count == 0 ? "base" : string.Join(" + ", Components);

    private static bool Holds(List<Component> chosen) =>
        chosen.Select(component => component.InPlaceOf).Distinct().Count() == chosen.Count
        && chosen.All(component => component.Needs.Length == 0 || component.Needs.Any(need => chosen.Any(other => other.Name == need)));

    // It adds one object and touches no other, so half of the sets, in which it meets every other component, say as much as all.
    private static bool IsLeftOut(List<Component> chosen)
    {
        var others = chosen.Count(component => component.Name != "private-network");
        return others < chosen.Count != (others % 2 == 1);
    }
}

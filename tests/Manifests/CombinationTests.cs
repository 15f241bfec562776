using Sidecar.Tests.Manifests.Rendering;

namespace Sidecar.Tests.Manifests;

/// <summary>Which components go together, and that each is the same for one user as for all.</summary>
public sealed class CombinationTests : IDisposable
{
    private readonly Scaffold _scaffold = new();

    public static TheoryData<string[]> Contradictions => new(
        ["csi", "kubernetes-secret"], ["gateway", "entra", "one-url"], ["one-url"], ["allowlist"], ["scale-to-zero"], ["entra", "allowlist"], ["otel", "otel"]);

    public static TheoryData<string[]> ForOne => new(
        [], ["unix-socket"], ["csi"], ["kubernetes-secret"], ["gateway"], ["entra"], ["otel"], ["cilium"], ["private-network"], ["gateway", "allowlist"], ["gateway", "scale-to-zero"],
        ["unix-socket", "csi", "gateway", "entra", "allowlist", "scale-to-zero", "private-network", "cilium", "otel"],
        ["kubernetes-secret", "entra", "one-url", "allowlist", "scale-to-zero", "otel"]);

    public void Dispose() => _scaffold.Dispose();

    [Fact]
    public void The_components_are_the_folders_but_for_the_one_that_two_share() =>
        Directory.GetDirectories(Repository.PathOf("k8s/components")).Select(Path.GetFileName).ShouldBe(Component.All.Select(component => component.Name).Append("credential-file"), ignoreOrder: true);

    [Fact]
    public async Task Every_combination_renders()
    {
        var all = await AllRendered.GetAsync();
        all.Count.ShouldBeGreaterThan(250);
        all.ShouldAllBe(rendered => rendered.Documents.Count >= 6);
        foreach (var one in Component.All)
            foreach (var other in Component.All.Where(other => other != one && !(one.Needs.Length == 1 && one.Needs[0] == other.Name) && all.Any(rendered => rendered.Combination.Has(one.Name) && rendered.Combination.Has(other.Name))))
                all.ShouldContain(rendered => rendered.Combination.Has(one.Name) && !rendered.Combination.Has(other.Name), $"{one.Name} without {other.Name}");
    }

    [Theory, MemberData(nameof(Contradictions))]
    public async Task What_contradicts_itself_or_lacks_what_it_needs_does_not_render(string[] components)
    {
        Kustomize.SkipWithoutIt();
        await Should.ThrowAsync<RenderException>(() => Kustomize.RenderAsync(_scaffold.Folder(_scaffold.UserOfSite("ada", new Combination(components)))));
    }

    [Theory, MemberData(nameof(ForOne))]
    public async Task A_component_makes_the_same_of_one_user_as_of_all(string[] components)
    {
        var combination = new Combination(components);
        var own = await Kustomize.RenderAsync(_scaffold.Folder(_scaffold.UserWithOwn("ada", combination)));
        using var another = new Scaffold();
        own.ShouldBe(await Kustomize.RenderAsync(another.Folder(another.UserOfSite("ada", combination))));
    }
}

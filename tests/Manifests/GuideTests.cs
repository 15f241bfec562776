using System.Text.RegularExpressions;
using Sidecar.Tests.Manifests.Guide;
using Sidecar.Tests.Manifests.Policy;
using Sidecar.Tests.Manifests.Rendering;

namespace Sidecar.Tests.Manifests;

/// <summary>k8s/README.md: its very lines render, and its table is that of the tests.</summary>
public sealed partial class GuideTests : IDisposable
{
    private const string Ada = "ada-b5fc85e557";

    private readonly Scaffold _scaffold = new();

    public static TheoryData<int> Sites => [.. Enumerable.Range(0, Snippet.All.Count).Where(at => Snippet.All[at].File == "k8s/site/kustomization.yaml")];

    public void Dispose() => _scaffold.Dispose();

    [Fact]
    public void Its_table_has_every_component_in_the_order_in_which_they_are_listed()
    {
        Snippet.Table.Select(row => NameIn(row[1])).ShouldBe(Component.All.Select(component => component.Name));
        foreach (var (row, component) in Snippet.Table.Zip(Component.All))
        {
            foreach (var need in component.Needs) row[3].ShouldContain($"`{need}`", customMessage: component.Name);
            var others = Component.All.Where(other => other != component && other.InPlaceOf == component.InPlaceOf).Select(other => $"`{other.Name}`");
            row[4].ShouldBe(string.Join(", ", others), component.Name);
        }
    }

    [Fact]
    public void The_site_offers_them_in_the_same_order() =>
        Offered().Matches(File.ReadAllText(Repository.PathOf("k8s/site/kustomization.yaml"))).Select(match => match.Groups["name"].Value).ShouldBe(Component.All.Select(component => component.Name));

    [Fact]
    public void Every_component_is_shown_for_all_users() =>
        Component.All.Select(component => component.Name).Except(Snippet.All.Where(snippet => snippet.File.StartsWith("k8s/site", StringComparison.Ordinal)).SelectMany(snippet => snippet.Components)).ShouldBeEmpty();

    [Theory, MemberData(nameof(Sites))]
    public async Task What_it_says_to_write_into_the_site_renders_and_keeps_every_rule(int at)
    {
        var snippet = Snippet.All[at];
        var rendered = await RenderAsync(_scaffold.User("site", Ada, snippet.Text), snippet.Components);
        Rule.All.SelectMany(rule => rule.Faults(rendered).Select(fault => $"{rule}: {fault}")).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_it_says_to_write_for_one_user_renders_for_each_component_that_needs_no_more()
    {
        var snippet = Snippet.All.Single(snippet => snippet.File == "k8s/own/ada-socket/kustomization.yaml");
        foreach (var component in Component.All.Where(component => component.Needs.Length == 0))
        {
            _scaffold.User("site", Ada, Scaffold.SettingsFor(Combination.Of(component.Name)));
            var rendered = await RenderAsync(_scaffold.Write("site/own/ada-socket", snippet.Text.Replace("unix-socket", component.Name, StringComparison.Ordinal)), [component.Name]);
            Rule.All.SelectMany(rule => rule.Faults(rendered).Select(fault => $"{component.Name}: {rule}: {fault}")).ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task Another_list_of_networks_for_one_user_is_that_list()
    {
        var site = Snippet.All.Single(snippet => snippet.Components.Contains("allowlist") && snippet.File == "k8s/site/kustomization.yaml");
        _scaffold.User("site", Ada, site.Text);
        var own = _scaffold.Write("site/own/ada-office", Snippet.All.Single(snippet => snippet.File == "k8s/own/ada-office/kustomization.yaml").Text);
        var rendered = await RenderAsync(own, site.Components);
        rendered.All("SecurityPolicy").Single()["spec"]!["authorization"]!["rules"]![0]!["principal"]!["clientCIDRs"]!.ToJsonString().ShouldBe("""["198.51.100.7/32"]""");
    }

    private async Task<Rendered> RenderAsync(string folder, string[] components) =>
        new(new Combination(components), Ada, [.. Yaml.Documents(await Kustomize.RenderAsync(_scaffold.Folder(folder))).Select(Yaml.Parse)]);

    private static string NameIn(string cell) => cell[1..cell.IndexOf(']', StringComparison.Ordinal)];

    [GeneratedRegex(@"^# - \.\./components/(?<name>[a-z-]+)$", RegexOptions.Multiline)]
    private static partial Regex Offered();
}

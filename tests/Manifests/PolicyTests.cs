using Sidecar.Tests.Manifests.Policy;
using Sidecar.Tests.Manifests.Rendering;

namespace Sidecar.Tests.Manifests;

/// <summary>What holds for every pod, held against every combination; and each rule, seen to fail.</summary>
public class PolicyTests
{
    public static TheoryData<string> Rules => [.. Rule.All.Select(rule => rule.Name)];

    public static TheoryData<int> Mutations => [.. Enumerable.Range(0, Mutation.All.Count)];

    [Theory, MemberData(nameof(Rules))]
    public async Task It_holds_for_every_combination(string name)
    {
        var rule = Rule.All.Single(rule => rule.Name == name);
        (await AllRendered.GetAsync()).SelectMany(rendered => rule.Faults(rendered).Select(fault => $"{rendered}: {fault}")).ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(Mutations))]
    public async Task A_manifest_that_breaks_it_is_found(int at)
    {
        var mutation = Mutation.All[at];
        var changed = (await AllRendered.OfAsync(mutation.Components)).Copy();
        mutation.Change(changed);
        Broken(Rule.All.Single(rule => rule.Name == mutation.Rule), changed).ShouldBeTrue(mutation.ToString());
    }

    [Fact]
    public void Every_rule_is_seen_to_fail() => Rule.All.Select(rule => rule.Name).Except(Mutation.All.Select(mutation => mutation.Rule)).ShouldBeEmpty();

    private static bool Broken(Rule rule, Rendered changed)
    {
        try
        {
            return rule.Faults(changed).Any();
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or NullReferenceException or KeyNotFoundException)
        {
            // What it looks at is not there any more.
            return true;
        }
    }
}

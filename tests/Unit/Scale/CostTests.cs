using CsCheck;
using Shouldly;
using Sidecar.Scale.Inputs;
using Sidecar.Scale.Model;
using Xunit;

namespace Sidecar.Tests.Unit.Scale;

public class CostTests
{
    private static readonly InputSet Inputs = Examples.Inputs();

    [Fact]
    public void A_month_worked_by_hand()
    {
        // Two cells of 950 users, 100 a node: 10 nodes and a spare one each, at 0.5 × 700 + 10. One cell would do with 21.
        var cost = Cost.Always(1_900, new Packing(Examples.Node, 112, 100, 100, 100, 100), 2, Inputs);
        cost.Nodes.ShouldBe(22 * 360, 1e-9);
        cost.Clusters.ShouldBe(2 * (70 + 130), 1e-9);
        // 1,900 reads in 300 s are 16.644 million in a month of 30.4 days.
        cost.Vault.ShouldBe(49.932, 0.001);
        // 1,900 × (150 + 50) lines of 500 bytes are 0.19 GB a day.
        cost.Logs.ShouldBe(0.19 * 365 / 12 * 2.5, 1e-9);
        cost.Total.ShouldBe(cost.Nodes + cost.Clusters + cost.Vault + cost.Logs);
    }

    [Fact]
    public void Scale_to_zero_is_never_dearer_and_more_users_are_never_cheaper() => Gen.Select(Gen.Int[1, 50_000], Gen.Int[0, 10_000], Gen.Int[1, 10]).Sample((users, more, cells) =>
    {
        var packing = Examples.Packing(Inputs);
        var cost = Cost.Always(users, packing, cells, Inputs).Total;
        Cost.ToZero(users, packing, cells, Inputs).Total.ShouldBeLessThanOrEqualTo(cost);
        Cost.Always(users + more, packing, cells, Inputs).Total.ShouldBeGreaterThanOrEqualTo(cost);
    });

    [Fact]
    public void The_page_takes_the_node_that_costs_least()
    {
        var found = new Findings(Inputs, Examples.Pod);
        var cells = found.CellsOf(found.Users).Count;
        foreach (var packing in found.Packings)
            Cost.Always(found.Users, packing, cells, Inputs).Total.ShouldBeGreaterThanOrEqualTo(Cost.Always(found.Users, found.Best, cells, Inputs).Total);
    }
}

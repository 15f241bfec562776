using Shouldly;
using Sidecar.Scale.Inputs;
using Sidecar.Scale.Model;
using Sidecar.Tests.Unit.Docs;
using Xunit;

namespace Sidecar.Tests.Unit.Scale;

public class StormTests
{
    private static readonly InputSet Inputs = Examples.Inputs();

    [Theory]
    [InlineData(2_000, 0)]
    [InlineData(2_001, 10)]
    [InlineData(10_000, 40)]
    public void A_vault_makes_brokers_wait_for_windows(int brokers, double seconds) => Storm.LeastSeconds(brokers, Inputs).ShouldBe(seconds);

    [Fact]
    public void It_agrees_with_the_simulation_on_what_a_vault_makes_necessary()
    {
        var rows = new Document("docs/start-storm.md").Tables("brokers start").Where(row => row[1] == "1 × 4,000").ToList();
        rows.Count.ShouldBeGreaterThan(2);
        foreach (var row in rows)
            row[3].ShouldBe($"{Storm.LeastSeconds(int.Parse(row[0].Split(' ')[0].Replace(",", "", StringComparison.Ordinal), null), Inputs):0.0} s", row[0]);
    }

    [Fact]
    public void Pods_that_read_at_once_wait_for_the_vault()
    {
        // 40 s at the least, 60/40 times that for a herd, and 2 s for the pod.
        Storm.AtOnce(10_000, Inputs).ShouldSatisfyAllConditions(storm => storm.VaultSeconds.ShouldBe(60, 1e-9), storm => storm.Ready.ShouldBe(62, 1e-9));
        Storm.AtOnce(2_000, Inputs).VaultSeconds.ShouldBe(0);
    }

    [Fact]
    public void Pods_that_start_slower_than_the_vault_takes_do_not()
    {
        var packing = Examples.Packing(Inputs);
        var storm = Storm.Restart(10_000, packing, Inputs);
        storm.StartsWithin.ShouldBe(packing.Users / 2.0);
        storm.VaultSeconds.ShouldBe(0);
        Storm.Restart(100_000, packing, Inputs).VaultSeconds.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void A_lost_node_takes_only_its_own_pods_with_it()
    {
        var packing = Examples.Packing(Inputs);
        var storm = Storm.LostNode(10_000, packing, Inputs);
        storm.Brokers.ShouldBe(packing.Users);
        storm.Ready.ShouldBe(350 + packing.Users / 50.0 + 2, 1e-9);
        Storm.LostNode(5, packing, Inputs).Brokers.ShouldBe(5);
    }

    [Fact]
    public void More_pods_are_never_ready_sooner()
    {
        var packing = Examples.Packing(Inputs);
        foreach (var storm in new Func<int, Storm>[] { users => Storm.AtOnce(users, Inputs), users => Storm.Restart(users, packing, Inputs), users => Storm.Region(users, packing, Inputs) })
            Enumerable.Range(1, 100).Select(step => storm(step * 500).Ready).ShouldBeInOrder();
    }
}

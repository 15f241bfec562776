using Shouldly;
using Sidecar.Scale.Inputs;
using Sidecar.Scale.Model;
using Xunit;

namespace Sidecar.Tests.Unit.Scale;

public class LimitsTests
{
    private static readonly InputSet Inputs = Examples.Inputs(("azure.role_assignments", 4000), ("azure.other_assignments", 200), ("vault.start_target", 60));
    private static readonly Limits Limits = new(Inputs, Examples.Pod, Examples.Packing(Inputs));

    [Fact]
    public void What_one_holds_and_how_many_it_takes()
    {
        var limit = new Limit("boxes", "shelf", 100, 3, "boxes");
        limit.Users.ShouldBe(33);
        limit.Needed(33).ShouldBe(1);
        limit.Needed(34).ShouldBe(2);
    }

    [Fact]
    public void A_vault_feeds_a_start_and_the_rest()
    {
        // Six windows of 4,000 calls for two calls each; and 400 calls/s for one in 300 s.
        Limits.VaultAtStart.Users.ShouldBe(12_000);
        Limits.VaultAtRest.Users.ShouldBe(120_000);
    }

    [Fact]
    public void What_is_reached_first_comes_first() => Limits.All.Select(limit => limit.Users).ShouldBeInOrder();

    [Fact]
    public void A_cell_ends_with_the_tightest_limit_of_its_subscription_vault_and_cluster()
    {
        Limits.Cell.What.ShouldBe("role assignments");
        var tight = Examples.Inputs(("k8s.services", 3000));
        new Limits(tight, Examples.Pod, Examples.Packing(tight)).Cell.What.ShouldBe("Services");
    }

    [Fact]
    public void Nobody_is_left_out_of_the_cells()
    {
        foreach (var users in new[] { 1, 100, 3_800, 3_801, 10_000, 50_000 })
        {
            var cells = Cells.Of(users, Limits);
            (cells.Count * (double)cells.Users).ShouldBeGreaterThanOrEqualTo(users);
            cells.Users.ShouldBeLessThanOrEqualTo((int)Limits.Cell.Users);
            (cells.Namespaces * Limits.Deployments.Users).ShouldBeGreaterThanOrEqualTo(cells.Users);
            (cells.ResourceGroups * Limits.Identities.Users).ShouldBeGreaterThanOrEqualTo(cells.Users);
        }
    }
}

using CsCheck;
using Shouldly;
using Sidecar.Scale.Inputs;
using Sidecar.Scale.Model;
using Xunit;

namespace Sidecar.Tests.Unit.Scale;

public class PackingTests
{
    private static readonly InputSet Inputs = Examples.Inputs();

    [Fact]
    public void A_node_worked_by_hand()
    {
        // 16 GiB are 16,384 MiB. With maxPods 140 AKS keeps 20 × 140 + 50 = 2,850 MB = 2,718.0 MiB, evicts at 100, and DaemonSets have 700:
        // 12,866.0 MiB are 128 pods of 100, and DaemonSets leave 128 places. With 141 there would be 129 places for 128 pods.
        var packing = Packing.Of(new NodeSize("by hand", 8, 16, 1), Examples.Pod, Inputs);
        (packing.MaxPods, packing.Users, packing.ByMemory, packing.Bound).ShouldBe((140, 128, 128, "memory"));
        // 8,000 millicores less 180 of AKS and 600 of DaemonSets: 361 pods of 20.
        packing.ByCpu.ShouldBe(361);
    }

    [Fact]
    public void What_ends_a_node_is_named()
    {
        Packing.Of(Examples.Node with { MemoryGib = 64 }, Examples.Pod, Inputs).Bound.ShouldBe("pods");
        Packing.Of(Examples.Node with { MemoryGib = 8 }, Examples.Pod, Inputs).Bound.ShouldBe("memory");
        Packing.Of(Examples.Node, Examples.Pod with { CpuMillicores = 100 }, Inputs).Bound.ShouldBe("CPU");
        Packing.Of(Examples.Node with { Cores = 2 }, Examples.Pod, Inputs).ShouldSatisfyAllConditions(packing => packing.MaxPods.ShouldBe(50), packing => packing.Bound.ShouldBe("pods"));
    }

    [Fact]
    public void A_node_that_takes_no_pod_is_no_choice() => Should.Throw<ArgumentException>(() => Packing.Of(Examples.Node with { MemoryGib = 1 }, Examples.Pod, Inputs));

    [Fact]
    public void Whoever_fits_fits_by_memory_by_CPU_and_by_pods() => Gen.Select(Cores, Gen.Double[4, 128], Pods).Sample((cores, memory, pod) =>
    {
        var packing = Packing.Of(new NodeSize("any", cores, memory, 1), pod, Inputs);
        packing.Users.ShouldBeInRange(1, Math.Min(packing.ByMemory, Math.Min(packing.ByCpu, packing.ByPods)));
        packing.MaxPods.ShouldBe(packing.Users + 12);
        packing.MaxPods.ShouldBeLessThanOrEqualTo(250);
    });

    [Fact]
    public void A_larger_node_takes_no_fewer_and_a_larger_pod_no_more() => Gen.Select(Cores, Gen.Double[4, 128], Gen.Double[0, 16], Pods, Gen.Double[1, 2]).Sample((cores, memory, more, pod, times) =>
    {
        var users = Packing.Of(new NodeSize("any", cores, memory, 1), pod, Inputs).Users;
        Packing.Of(new NodeSize("more", cores, memory + more, 1), pod, Inputs).Users.ShouldBeGreaterThanOrEqualTo(users);
        try
        {
            Packing.Of(new NodeSize("any", cores, memory, 1), pod with { MemoryMib = pod.MemoryMib * times }, Inputs).Users.ShouldBeLessThanOrEqualTo(users);
        }
        catch (ArgumentException)
        {
            // None fits, which is no more either.
        }
    });

    [Fact]
    public void Nodes_hold_everybody_and_one_less_would_not()
    {
        var packing = Examples.Packing(Inputs);
        packing.Nodes(packing.Users * 3).ShouldBe(3);
        packing.Nodes(packing.Users * 3 + 1).ShouldBe(4);
        packing.NodesWithSpare(1, Inputs).ShouldBe(2);
        packing.NodesWithSpare(packing.Users * 20, Inputs).ShouldBe(22);
        packing.NodesWithSpare(packing.Users * 21, Inputs).ShouldBe(24);
        packing.NodesWithSpare(packing.Users * 70, Inputs).ShouldBe(77);
    }

    private static Gen<int> Cores => Gen.Int[0, 3].Select(number => new[] { 4, 8, 16, 32 }[number]);

    private static Gen<PodShape> Pods => Gen.Select(Gen.Double[10, 500], Gen.Double[1, 200], (memory, cpu) => Examples.Pod with { MemoryMib = memory, CpuMillicores = cpu });
}

using Shouldly;
using Sidecar.Scale.Inputs;
using Sidecar.Scale.Model;
using Xunit;

namespace Sidecar.Tests.Unit.Scale;

public class ProbesTests
{
    private static readonly InputSet Inputs = Examples.Inputs();

    // 30 ms in 30 s, 20 ms in 20 s, 0.5 ms in 10 s.
    [Fact]
    public void Milliseconds_in_a_second_are_millicores() => Probes.Millicores(Examples.Pod, Inputs).ShouldBe(1 + 1 + 0.05, 1e-9);

    [Fact]
    public void Starting_a_program_for_each_question_costs_more() => Probes.Millicores(Probes.AllByExec(Examples.Pod), Inputs).ShouldBe(1 + 1 + 2, 1e-9);

    [Fact]
    public void The_shim_can_be_asked_by_HTTP_and_the_broker_cannot() => Probes.Millicores(Probes.ShimByHttp(Examples.Pod), Inputs).ShouldBe(1 + 0.025 + 0.05, 1e-9);
}

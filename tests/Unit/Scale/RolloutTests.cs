using CsCheck;
using Shouldly;
using Sidecar.Scale.Inputs;
using Sidecar.Scale.Model;
using Xunit;

namespace Sidecar.Tests.Unit.Scale;

public class RolloutTests
{
    private static readonly InputSet Inputs = Examples.Inputs();

    [Fact]
    public void A_roll_out_worked_by_hand()
    {
        // Stop 1 s, schedule 2 s, ready 2 s. Ten calls at 20 a second are half a second a user.
        Rollout.Alone(Inputs).ShouldBe(5);
        Rollout.Seconds(100, Inputs).ShouldBe(50);
        Rollout.InWave(100, Inputs).ShouldBe(30);
        // 55 s to wait are half of 110 s, which are 220 users.
        Rollout.Wave(Inputs).ShouldBe(220);
        // 1 % are 34 first; 3,366 are 16 waves more.
        Rollout.First(3_400, Inputs).ShouldBe(34);
        Rollout.Waves(3_400, Inputs).ShouldBe(17);
        Rollout.AllWaves(3_400, Inputs).ShouldBe(1_700 + 16 * 30);
    }

    [Fact]
    public void The_largest_wave_keeps_the_target_and_one_user_more_does_not() => Gen.Select(Gen.Double[10, 600], Gen.Double[5, 200], Gen.Double[1, 40]).Sample((target, qps, writes) =>
    {
        var inputs = Examples.Inputs(("rollout.target", target), ("k8s.controller_qps", qps), ("k8s.writes_a_rollout", writes));
        var wave = Rollout.Wave(inputs);
        if (wave > 1) Rollout.InWave(wave, inputs).ShouldBeLessThanOrEqualTo(target + 1e-9);
        Rollout.InWave(wave + 1, inputs).ShouldBeGreaterThan(target - 1e-9);
    });
}

using Sidecar.Scale.Inputs;

namespace Sidecar.Scale.Model;

/// <summary>A new image, over Deployments of one pod whose old one ends before the new one starts.</summary>
internal static class Rollout
{
    /// <summary>Seconds that a cluster's controllers need for so many.</summary>
    public static double Seconds(double users, InputSet inputs) => users * inputs["k8s.writes_a_rollout"] / inputs["k8s.controller_qps"];

    /// <summary>Seconds without service for one user, if nobody else is rolled out.</summary>
    public static double Alone(InputSet inputs) => inputs["rollout.stop"] + inputs["rollout.schedule"] + inputs["pod.ready"];

    /// <summary>
    /// The same in a wave. The controllers take their work in turns, and it comes in two: all old pods are ended first, then
    /// all new ones made. So each user waits for about half of the wave.
    /// </summary>
    public static double InWave(double users, InputSet inputs) => Alone(inputs) + Seconds(users, inputs) / 2;

    /// <summary>Users of the first wave of a cell.</summary>
    public static int First(int users, InputSet inputs) => Math.Min(Wave(inputs), Math.Max(1, (int)Math.Ceiling(users * inputs["rollout.first"])));

    /// <summary>Waves of a cell, the first and small one among them.</summary>
    public static int Waves(double users, InputSet inputs) => 1 + (int)Math.Ceiling(Math.Max(0, users - First((int)users, inputs)) / Wave(inputs));

    /// <summary>Seconds for all of them, with the pauses between.</summary>
    public static double AllWaves(double users, InputSet inputs) => Seconds(users, inputs) + (Waves(users, inputs) - 1) * inputs["rollout.pause"];

    /// <summary>The largest wave in which nobody is without service for longer than you accept.</summary>
    public static int Wave(InputSet inputs) =>
        Math.Max(1, (int)Math.Floor((inputs["rollout.target"] - Alone(inputs)) * 2 * inputs["k8s.controller_qps"] / inputs["k8s.writes_a_rollout"]));
}

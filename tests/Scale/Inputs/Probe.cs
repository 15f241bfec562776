namespace Sidecar.Scale.Inputs;

/// <summary>A question that the kubelet asks all the time.</summary>
/// <param name="Container">The container that is asked.</param>
/// <param name="Exec">Whether a program is started for it, or a request sent.</param>
/// <param name="PeriodSeconds">How often.</param>
internal sealed record Probe(string Container, bool Exec, int PeriodSeconds);

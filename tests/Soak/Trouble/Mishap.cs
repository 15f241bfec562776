using Sidecar.Simulator;

namespace Sidecar.Soak.Trouble;

/// <summary>What happens to the programs or to their credential.</summary>
internal enum Blow
{
    None,
    KillBroker,
    KillShim,
    PauseBroker,
    ExpireTokens,
    RotateCredential,
    RotateRevokedCredential,
}

/// <summary>Something that goes wrong, for some time.</summary>
/// <param name="At">When, from the start of the load.</param>
/// <param name="For">How long; then the faults are lifted.</param>
/// <param name="Name">What it is called in the summary.</param>
/// <param name="Blow">What happens once, shortly after the faults were laid.</param>
/// <param name="Faults">How the services misbehave.</param>
internal sealed record Mishap(TimeSpan At, TimeSpan For, string Name, Blow Blow, IReadOnlyList<Fault> Faults);

using Sidecar.Tests.Faults.Matrix;

namespace Sidecar.Tests.Faults.Run;

/// <summary>What came of one call.</summary>
/// <param name="Claim">What the client was told.</param>
/// <param name="Text">The answer, as the client sees it.</param>
/// <param name="Told">The reason in the broker's audit; null where it was not looked for.</param>
/// <param name="Writes">Writes that the simulator received meanwhile.</param>
/// <param name="Done">How often it is done now.</param>
/// <param name="TokenCalls">Requests to Zoho's token endpoint meanwhile, for whatever call.</param>
internal sealed record Outcome(Claim Claim, string Text, string? Told, int Writes, int Done, int TokenCalls);

namespace Sidecar.Tests.Faults.Matrix;

/// <summary>What one cell of the matrix states.</summary>
/// <param name="Claim">What the client is told.</param>
/// <param name="Told">The reason in the broker's error; null where the claim alone counts.</param>
/// <param name="Writes">How many writes ServiceDesk Plus may receive, by the simulator's journal.</param>
/// <param name="Done">How often it is done then, by the instance's records; null: once or not at all.</param>
/// <param name="Next">What has to become of the next call.</param>
internal sealed record Expectation(Claim Claim, string? Told, int Writes, int? Done, Next Next);

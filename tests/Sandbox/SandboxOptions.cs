namespace Sidecar.Sandbox;

/// <summary>What the sandbox was asked for on the command line.</summary>
internal sealed record SandboxOptions(bool Check, string? ReadyFile, string? Binaries, int Port, int BrokerPort, int Seed);

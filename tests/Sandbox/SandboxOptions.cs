namespace Sidecar.Sandbox;

/// <summary>What the sandbox was asked for on the command line.</summary>
internal sealed record SandboxOptions(bool Check, bool Empty, string? ReadyFile, string? Binaries, int Port, int BrokerPort, int Seed);

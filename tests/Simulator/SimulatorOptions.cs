namespace Sidecar.Simulator;

/// <summary>Where the simulator listens and what it is made from. A port of 0 takes any free one.</summary>
public sealed class SimulatorOptions
{
    /// <summary>Address to listen on: an IP address, or <c>localhost</c>.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>The control API: plain HTTP, for people and tests, never for the software under test.</summary>
    public int ControlPort { get; init; }

    /// <summary>Zoho accounts.</summary>
    public int AccountsPort { get; init; }

    /// <summary>ServiceDesk Plus Cloud.</summary>
    public int SdpPort { get; init; }

    /// <summary>Azure Key Vault.</summary>
    public int VaultPort { get; init; }

    /// <summary>
    /// The vault's name in its address. Microsoft's client wants the challenge's resource, vault.localhost, to be the end of it,
    /// unless told not to look; not every resolver knows names below localhost.
    /// </summary>
    public string VaultHost { get; init; } = "sandbox.vault.localhost";

    /// <summary>Microsoft Entra ID.</summary>
    public int EntraPort { get; init; }

    /// <summary>The same seed and the same start of the clock give the same tickets.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Where to write the CA certificate, in PEM; nowhere by default.</summary>
    public string? CaFile { get; init; }

    /// <summary>The time that the simulator's own clock starts from and runs with.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}

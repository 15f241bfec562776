namespace Sidecar.Simulator;

/// <summary>Where the simulator listens and what it is made from. A port of 0 takes any free one.</summary>
public sealed class SimulatorOptions
{
    /// <summary>
    /// Address that the services listen on: an IP address, or <c>localhost</c>. The control API stays on loopback, whatever this says.
    /// </summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>
    /// The name that all services are at or below, and that their certificate is for. Names below localhost are this machine by
    /// definition, so who comes from another, a container for one, needs another name and entries for it (<see cref="SimulatorHost.HostNames"/>).
    /// </summary>
    public string Domain { get; init; } = "localhost";

    /// <summary>The control API: plain HTTP, for people and tests, never for the software under test.</summary>
    public int ControlPort { get; init; }

    /// <summary>Zoho accounts.</summary>
    public int AccountsPort { get; init; }

    /// <summary>ServiceDesk Plus Cloud.</summary>
    public int SdpPort { get; init; }

    /// <summary>Azure Key Vault.</summary>
    public int VaultPort { get; init; }

    /// <summary>
    /// The vault's name in its address; null: <c>sandbox.vault.</c> and the domain. Microsoft's client wants the challenge's resource,
    /// <c>vault.</c> and the domain, to be the end of it, unless told not to look; not every resolver knows names below localhost.
    /// </summary>
    public string? VaultHost { get; init; }

    /// <summary>Microsoft Entra ID.</summary>
    public int EntraPort { get; init; }

    /// <summary>The same seed and the same start of the clock give the same tickets.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Where to write the CA certificate, in PEM; nowhere by default.</summary>
    public string? CaFile { get; init; }

    /// <summary>The time that the simulator's own clock starts from and runs with.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}

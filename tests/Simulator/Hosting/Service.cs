namespace Sidecar.Simulator;

/// <summary>The services that the simulator plays, one port each.</summary>
public enum Service
{
    /// <summary>The simulator's own control API.</summary>
    Control,

    /// <summary>Zoho accounts.</summary>
    Accounts,

    /// <summary>ServiceDesk Plus Cloud.</summary>
    Sdp,

    /// <summary>Azure Key Vault.</summary>
    Vault,

    /// <summary>Microsoft Entra ID.</summary>
    Entra,
}

namespace Sidecar.Simulator;

/// <summary>A user's token to be made.</summary>
public sealed record EntraTokenWish
{
    /// <summary>Application (client) id of the API that it is for.</summary>
    public required string Audience { get; init; }

    /// <summary>User principal name of the person; their object id is found by it.</summary>
    public string PrincipalName { get; init; } = "ada@example.com";

    /// <summary>Name of the delegated permission.</summary>
    public string Scope { get; init; } = "access_as_user";

    /// <summary>True: the registration asks for the optional claim upn.</summary>
    public bool UpnClaim { get; init; }

    /// <summary>What is wrong with it.</summary>
    public EntraTokenKind Kind { get; init; }

    /// <summary>Seconds that it lives. Entra takes 60 to 90 minutes, by chance.</summary>
    public int LifetimeSeconds { get; init; } = 4500;
}

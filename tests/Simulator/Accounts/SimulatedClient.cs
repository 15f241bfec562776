namespace Sidecar.Simulator;

/// <summary>What a client is registered as in the API console.</summary>
public enum ClientKind
{
    /// <summary>The console itself makes its codes; it has no redirect URI.</summary>
    Self,

    /// <summary>Its codes come by the consent page, to a registered redirect URI.</summary>
    Server,
}

/// <summary>What a client to be registered should be like.</summary>
public sealed record ClientWish
{
    /// <summary>Its kind.</summary>
    public required ClientKind Kind { get; init; }

    /// <summary>What the consent page calls it.</summary>
    public string? Name { get; init; }

    /// <summary>Where codes may be sent: at least one for a server-based client, none for a self client.</summary>
    public IReadOnlyList<string>? RedirectUris { get; init; }

    /// <summary>The portal of its technicians; itdesk by default.</summary>
    public string? Portal { get; init; }

    /// <summary>The technician who is signed in; the portal's first by default.</summary>
    public string? Email { get; init; }
}

/// <summary>A registered client.</summary>
public sealed record SimulatedClient
{
    /// <summary>Zoho client id.</summary>
    public required string ClientId { get; init; }

    /// <summary>Zoho client secret.</summary>
    public required string ClientSecret { get; init; }

    /// <summary>Its kind.</summary>
    public required ClientKind Kind { get; init; }

    /// <summary>What the consent page calls it.</summary>
    public required string Name { get; init; }

    /// <summary>Where codes may be sent.</summary>
    public required IReadOnlyList<string> RedirectUris { get; init; }

    /// <summary>The portal of its technicians.</summary>
    public required string Portal { get; init; }

    /// <summary>The technician who is signed in.</summary>
    public required string TechnicianEmail { get; init; }
}

/// <summary>What a code of the console should be like.</summary>
public sealed record CodeWish
{
    /// <summary>The scopes that it grants.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>The technician who makes it; the client's by default.</summary>
    public string? Email { get; init; }

    /// <summary>Minutes that it is good for, 3 to 10.</summary>
    public int? Minutes { get; init; }
}

/// <summary>A refresh token that was made, and what became of it.</summary>
public sealed record IssuedRefreshToken
{
    /// <summary>1 for the first since the start.</summary>
    public required int Ordinal { get; init; }

    /// <summary>The token itself, for tests that look for it where it must not be.</summary>
    public required string Value { get; init; }

    /// <summary>Whose access it gives.</summary>
    public required string Email { get; init; }

    /// <summary>The portal.</summary>
    public required string Portal { get; init; }

    /// <summary>The client it was made for.</summary>
    public required string ClientId { get; init; }

    /// <summary>What it allows.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>True: it is good for nothing any more.</summary>
    public required bool Revoked { get; init; }

    /// <summary>Access tokens made from it that are good now.</summary>
    public required int LiveAccessTokens { get; init; }

    /// <summary>Without its value: a failing test prints it.</summary>
    public override string ToString() => $"refresh token {Ordinal} of {Email}{(Revoked ? ", revoked" : "")}";
}

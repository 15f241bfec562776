namespace Sidecar.Simulator;

/// <summary>A mail that the portal would have sent.</summary>
public sealed record OutboxMessage
{
    /// <summary>1 for the portal's first since the start.</summary>
    public required int Seq { get; init; }

    /// <summary>The portal.</summary>
    public required string Portal { get; init; }

    /// <summary>Long id of the request.</summary>
    public required string RequestId { get; init; }

    /// <summary>REQREPLY, REQFORWARD or APPROVAL.</summary>
    public required string Type { get; init; }

    /// <summary>Who sent it.</summary>
    public required string From { get; init; }

    /// <summary>Recipients.</summary>
    public required IReadOnlyList<string> To { get; init; }

    /// <summary>Copies.</summary>
    public IReadOnlyList<string> Cc { get; init; } = [];

    /// <summary>Blind copies.</summary>
    public IReadOnlyList<string> Bcc { get; init; } = [];

    /// <summary>Subject.</summary>
    public required string Subject { get; init; }

    /// <summary>HTML body.</summary>
    public required string Description { get; init; }

    /// <summary>Id of the notification that it answers.</summary>
    public string? InReplyTo { get; init; }

    /// <summary>When, by the simulator's clock.</summary>
    public required DateTimeOffset Time { get; init; }
}

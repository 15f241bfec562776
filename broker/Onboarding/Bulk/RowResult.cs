namespace Sidecar.Broker.Onboarding.Bulk;

/// <summary>What became of a row.</summary>
internal enum RowOutcome
{
    /// <summary>The vault had no credential of the user; it has it now.</summary>
    Added,

    /// <summary>The vault had another one, or a deleted one; this one is its successor.</summary>
    Replaced,

    /// <summary>The credential was there; tags or overlay were brought up to date.</summary>
    Updated,

    /// <summary>All was there.</summary>
    Unchanged,

    /// <summary>It is not in place; the reason says why.</summary>
    Failed,

    /// <summary>The run ended before it was its turn, and nothing was written.</summary>
    NotReached,
}

/// <summary>What became of a row, and why.</summary>
/// <param name="Row">The row.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Reason">Why it is not in place; empty if it is.</param>
internal sealed record RowResult(BulkRow Row, RowOutcome Outcome, string Reason = "")
{
    /// <summary>True for a failure that the next row is likely to meet as well: the vault's, the network's, not the credential's.</summary>
    public bool IsShared { get; init; }
}

namespace Sidecar.Broker.Onboarding.Bulk;

/// <summary>What the operator wants done with a list of users.</summary>
/// <param name="List">The file of users.</param>
/// <param name="Parallel">Rows worked on at a time.</param>
/// <param name="Report">Where to tell what became of each row: CSV, or JSON if it ends in .json; null: nowhere.</param>
/// <param name="Examine">True: each credential is tried before it is stored.</param>
internal sealed record BulkWish(string List, int Parallel, string? Report, bool Examine)
{
    /// <summary>Folder of the users' overlays.</summary>
    public required DirectoryInfo Overlays { get; init; }

    /// <summary>What a pod may do, where its row does not say.</summary>
    public required AccessWish Access { get; init; }

    /// <summary>True: a credential may be another person's than the user.</summary>
    public bool AllowMismatch { get; init; }

    /// <summary>True: a credential that works may be replaced by another one of the list, and ends then.</summary>
    public bool Replace { get; init; }

    /// <summary>True: say what would be done, write nothing and ask nothing of Zoho.</summary>
    public bool DryRun { get; init; }
}

namespace Sidecar.Soak.Load;

/// <summary>A request that a caller has opened, and works on alone.</summary>
/// <param name="Id">The long id.</param>
/// <param name="Number">The number people use.</param>
internal sealed record Ticket(string Id, string Number)
{
    /// <summary>Its changes in order, for what it has to look like in the end.</summary>
    public List<Write> Updates { get; } = [];

    /// <summary>True once it is closed, or a change of it is of unknown fate: what comes of that one shall be seen.</summary>
    public bool IsRetired { get; set; }
}

using System.Text.Json;

namespace Sidecar.Broker.Operations.Setup;

/// <summary>A list of names that an instance keeps.</summary>
/// <param name="Rows">The rows in use.</param>
/// <param name="IsCut">Whether there are more than were read.</param>
internal sealed record NameList(IReadOnlyList<JsonElement> Rows, bool IsCut)
{
    /// <summary>True if it was read minutes ago: a name that is missing may have come since.</summary>
    public bool IsKept { get; init; }
}

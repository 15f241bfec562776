using System.Text.Json.Nodes;
using Sidecar.Simulator.Sdp.Records;
using Sidecar.Simulator.Sdp.Wire;

namespace Sidecar.Simulator.Sdp.Lists;

/// <summary>filter_by: views by name. What a name means is the instance's own business; these are plausible.</summary>
internal static class NamedFilters
{
    public static Func<JsonObject, bool> Find(string name, ApiCall call)
    {
        var me = (string)call.User["id"]!;
        var words = name.ToLowerInvariant();
        List<Func<JsonObject, bool>> all = [];
        if (words.Contains("my", StringComparison.Ordinal))
            all.Add(row => Values.At(row, "technician.id")?.ToString() == me || words.Contains("unassigned", StringComparison.Ordinal) && row["technician"] is null);
        else if (words.Contains("unassigned", StringComparison.Ordinal))
            all.Add(row => row["technician"] is null);

        Func<JsonObject, bool>? state = words switch
        {
            _ when words.Contains("overdue", StringComparison.Ordinal) => row => row["is_overdue"]?.GetValue<bool>() == true,
            _ when words.Contains("onhold", StringComparison.Ordinal) => row => Status(row) == "Onhold",
            _ when words.Contains("resolved", StringComparison.Ordinal) => row => Status(row) == "Resolved",
            _ when words.Contains("closed", StringComparison.Ordinal) => row => Status(row) == "Closed",
            _ when words.Contains("completed", StringComparison.Ordinal) => row => !InProgress(row),
            _ when words.Contains("pending", StringComparison.Ordinal) => InProgress,
            _ when words.Contains("open", StringComparison.Ordinal) || words.Contains("unassigned", StringComparison.Ordinal) => InProgress,
            _ when words.Contains("all", StringComparison.Ordinal) => _ => true,
            _ => null,
        };
        if (state is null)
            throw SdpError.Bad(Problem.Unknown("filter_by"));
        if (!call.Switches.FiltersIgnoreStatus)
            all.Add(state);
        return row => all.TrueForAll(filter => filter(row));
    }

    private static string? Status(JsonObject row) => Values.At(row, "status.internal_name")?.ToString();

    private static bool InProgress(JsonObject row) => Values.At(row, "status.in_progress")?.GetValue<bool>() == true;
}

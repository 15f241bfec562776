using Sidecar.Tests.Faults.Rows;

namespace Sidecar.Tests.Faults.Matrix;

/// <summary>The whole matrix.</summary>
internal static class Table
{
    public static readonly IReadOnlyList<FaultRow> Rows =
    [
        .. Network.Rows, .. Answers.Rows, .. Codes.Rows, .. Limits.Rows, .. Tokens.Rows, .. Vaults.Rows, .. Processes.Rows, .. Surroundings.Rows,
    ];

    /// <summary>A few rows of different kinds and without long waits, for the runs that have to be short.</summary>
    public static readonly IReadOnlyList<FaultRow> Sample =
    [
        .. new[]
        {
            "reset in place of an answer, done", "4012 with HTTP 400, object", "success 2000, nothing done, object", "invalid_code with HTTP 200", "403 at the start",
            "broker killed with -9, done",
        }.Select(name => Rows.Single(row => row.Name == name)),
    ];
}

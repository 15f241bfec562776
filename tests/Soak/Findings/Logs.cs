using System.Text.Json;
using Sidecar.Sandbox.Processes;

namespace Sidecar.Soak.Findings;

/// <summary>Reads what the programs have written for signs that one of them stumbled.</summary>
internal static class Logs
{
    private static readonly string[] Signs = ["Unhandled exception", "Nobody observed", "unobserved", "BROKER_FAULT", "outcome=Internal", "Fatal error"];

    /// <summary>Lines that should not be there, shortened.</summary>
    public static IEnumerable<string> Problems(ChildProcess process) => process.Output.Split('\n')
        .Where(line => Signs.Any(sign => line.Contains(sign, StringComparison.OrdinalIgnoreCase)) || IsError(line))
        .Select(line => $"{process.Name}: {(line.Length > 600 ? line[..600] : line)}");

    private static bool IsError(string line)
    {
        if (!line.StartsWith('{')) return false;
        try
        {
            using var entry = JsonDocument.Parse(line);
            return entry.RootElement.TryGetProperty("LogLevel", out var level) && level.ValueEquals("Error") | level.ValueEquals("Critical");
        }
        catch (JsonException)
        {
            // The last line of a program that was killed.
            return false;
        }
    }
}

using System.Text.RegularExpressions;

namespace Sidecar.Sandbox.Processes;

/// <summary>Starts brokers and shims as processes and finds out where they listen.</summary>
public static partial class Pair
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    /// <summary>Starts a broker.</summary>
    /// <param name="programs">Which binaries.</param>
    /// <param name="settings">Its settings; without Broker__Listen it takes a free port.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The process, and the value for Shim__Broker.</returns>
    public static async Task<(ChildProcess Process, string Address)> StartBrokerAsync(
        Programs programs, IReadOnlyDictionary<string, string> settings, CancellationToken cancellationToken = default)
    {
        var all = new Dictionary<string, string>(settings);
        all.TryAdd("Broker__Listen", "http://127.0.0.1:0");
        var process = ChildProcess.Start(programs.Broker, ["serve"], all);
        try
        {
            var address = await process.WaitForOutputAsync(Listening, StartTimeout, cancellationToken);
            return (process, address.StartsWith("http://unix:", StringComparison.Ordinal) ? address["http://".Length..] : address);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a shim that serves HTTP.</summary>
    /// <param name="programs">Which binaries.</param>
    /// <param name="brokerAddress">Value for Shim__Broker.</param>
    /// <param name="settings">Its other settings; without Shim__Listen it takes a free port.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The process, and its MCP URL.</returns>
    public static async Task<(ChildProcess Process, Uri Mcp)> StartShimAsync(
        Programs programs, string brokerAddress, IReadOnlyDictionary<string, string> settings, CancellationToken cancellationToken = default)
    {
        var all = new Dictionary<string, string>(settings) { ["Shim__Broker"] = brokerAddress };
        all.TryAdd("Shim__Listen", "http://127.0.0.1:0");
        var process = ChildProcess.Start(programs.Shim, ["serve"], all);
        try
        {
            var address = await process.WaitForOutputAsync(Listening, StartTimeout, cancellationToken);
            return (process, new Uri(new Uri(address), "/mcp"));
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    private static string? Listening(string line) => NowListening().Match(line) is { Success: true } match ? match.Groups["url"].Value : null;

    [GeneratedRegex("Now listening on: (?<url>[^\"\\s]+)")]
    private static partial Regex NowListening();
}

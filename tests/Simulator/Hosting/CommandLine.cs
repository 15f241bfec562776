using System.Globalization;

namespace Sidecar.Simulator.Hosting;

/// <summary>What the program was asked for.</summary>
internal sealed record CommandLine(SimulatorOptions Options, string? ReadyFile)
{
    public const string Usage =
        "simulator [--host ADDRESS] [--domain NAME] [--control-port N] [--accounts-port N] [--sdp-port N] [--vault-port N] [--entra-port N] "
        + "[--vault-host NAME] [--ca-file PATH] [--ready-file PATH] [--seed N]";

    /// <returns>Null if an argument is unknown, misses its value or is no number where one is due.</returns>
    public static CommandLine? Parse(string[] args)
    {
        Dictionary<string, string> given = [];
        for (var i = 0; i < args.Length; i += 2)
        {
            if (i + 1 >= args.Length || !Usage.Contains($"[{args[i]} ", StringComparison.Ordinal))
                return null;
            given[args[i]] = args[i + 1];
        }

        var wrong = false;
        int Number(string name, int otherwise)
        {
            if (!given.TryGetValue(name, out var text))
                return otherwise;
            if (int.TryParse(text, CultureInfo.InvariantCulture, out var number) && number >= 0)
                return number;
            wrong = true;
            return otherwise;
        }

        var options = new SimulatorOptions
        {
            Host = given.GetValueOrDefault("--host", "127.0.0.1"),
            Domain = given.GetValueOrDefault("--domain", "localhost"),
            ControlPort = Number("--control-port", 0),
            AccountsPort = Number("--accounts-port", 0),
            SdpPort = Number("--sdp-port", 0),
            VaultPort = Number("--vault-port", 0),
            VaultHost = given.GetValueOrDefault("--vault-host"),
            EntraPort = Number("--entra-port", 0),
            Seed = Number("--seed", 1),
            CaFile = given.GetValueOrDefault("--ca-file"),
        };
        return wrong ? null : new CommandLine(options, given.GetValueOrDefault("--ready-file"));
    }
}

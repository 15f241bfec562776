using System.Globalization;
using Sidecar.Broker.Onboarding;
using Sidecar.Sandbox.Processes;
using Sidecar.Simulator;
using Sidecar.Tests.Harness;
using Sidecar.Tests.Onboarding.TerminalTests;

namespace Sidecar.Tests.Onboarding;

/// <summary>
/// An operator's desk: a simulator whose vault is empty, a folder for overlays, and the broker's commands run as processes.
/// Whatever any of them wrote or was started with is searched for every secret in the end.
/// </summary>
public sealed class Desk : IAsyncDisposable
{
    private readonly List<string> _seen = [];
    private readonly List<PseudoTerminal> _terminals = [];
    private readonly List<string> _secrets = [];

    private Desk(Stage stage)
    {
        Stage = stage;
        Operator = stage.Simulator.AddIdentity();
        stage.Simulator.Vault.Grant(Operator.ClientId, VaultRole.Officer);
        Overlays = stage.Folder.File("users");
        Settings = new Dictionary<string, string>
        {
            ["AZURE_AUTHORITY_HOST"] = Simulator.EntraUrl.OriginalString,
            ["AZURE_TENANT_ID"] = Operator.TenantId,
            ["AZURE_CLIENT_ID"] = Operator.ClientId,
            ["AZURE_FEDERATED_TOKEN_FILE"] = stage.Folder.Write("operator-token", Operator.FederatedToken),
            ["Tls__CaFile"] = stage.CaFile,
        };
    }

    public Stage Stage { get; }

    public SimulatorHost Simulator => Stage.Simulator;

    public SimulatedIdentity Operator { get; }

    /// <summary>Folder of the users' overlays.</summary>
    public string Overlays { get; }

    /// <summary>Environment of the commands.</summary>
    public Dictionary<string, string> Settings { get; }

    public static async Task<Desk> SetAsync() => new(await Stage.SetAsync());

    /// <summary>Options that every command about the vault takes here.</summary>
    public string[] VaultOptions => ["--vault", Simulator.VaultUrl.OriginalString, "--identity", "WorkloadIdentity", "--timeout", Timeout.ToString(CultureInfo.InvariantCulture)];

    /// <summary>Longest wait of a command for one answer, in seconds.</summary>
    public int Timeout { get; set; } = 5;

    /// <summary>Name of a user's secret.</summary>
    public static string SecretName(string email) => UserName.From(email)!.SecretName;

    /// <summary>E-mail address of the technician who onboards here most of the time.</summary>
    public string User => Stage.Instance.TechnicianEmails[0];

    /// <summary>Every scope that onboarding may ask for.</summary>
    public string[] AllScopes { get; } = new AccessWish([], false).ScopeText.Split(',');

    /// <summary>Where the instance and its accounts server are.</summary>
    public string[] Place => ["--accounts-url", Simulator.AccountsUrl.OriginalString, "--base-url", Simulator.SdpUrl.OriginalString, "--portal", "itdesk"];

    /// <summary>Registers a client at the simulated Zoho.</summary>
    public SimulatedClient AddClient(ClientKind kind, int port = 0)
    {
        var client = Simulator.AddClient(new ClientWish { Kind = kind, RedirectUris = kind == ClientKind.Server ? [$"http://localhost:{port}/callback"] : null, Email = User });
        KeepSecret(client.ClientSecret);
        return client;
    }

    /// <summary>Settings of a broker whose own identity may read the user's secret and no other.</summary>
    public Dictionary<string, string> PodSettings(string email)
    {
        var identity = Simulator.AddIdentity();
        Simulator.Vault.Grant(identity.ClientId, VaultRole.User, SecretName(email));
        var token = Stage.Folder.Write($"pod-token-{identity.ClientId}", identity.FederatedToken);
        KeepSecret(identity.FederatedToken);
        return BrokerSettings.KeyVault(Simulator.VaultUrl, Simulator.EntraUrl, SecretName(email), identity.TenantId, identity.ClientId, token, Stage.CaFile);
    }

    /// <summary>Names a value that no output may hold.</summary>
    public void KeepSecret(params IEnumerable<string> secrets) => _secrets.AddRange(secrets);

    /// <summary>Runs a command of the broker to its end.</summary>
    /// <param name="arguments">Command and options; those of the vault are added.</param>
    /// <param name="input">Standard input.</param>
    public async Task<Ran> RunAsync(string[] arguments, string input = "")
    {
        await using var process = Start(arguments);
        await process.Input.WriteAsync(input);
        process.Input.Close();
        var exitCode = await process.WaitForExitAsync(TimeSpan.FromMinutes(2));
        return new Ran(exitCode, process.Output);
    }

    /// <summary>Starts a command; whoever starts it disposes of it.</summary>
    public ChildProcess Start(string[] arguments)
    {
        string[] all = [.. arguments, .. VaultOptions];
        _seen.AddRange(all);
        var process = ChildProcess.Start(Stage.Programs.Broker, all, Settings);
        Stage.Processes.Add(process);
        return process;
    }

    /// <summary>Starts a command in a pseudo-terminal; whoever starts it disposes of it.</summary>
    /// <param name="arguments">Command and options; those of the vault are added.</param>
    /// <param name="redirection">Redirections of the shell, such as <c>2>/dev/null</c>.</param>
    /// <param name="columns">Width, in characters.</param>
    /// <param name="settings">Environment beside the commands'.</param>
    internal PseudoTerminal Sit(string[] arguments, string redirection = "", int columns = 120, params (string Key, string Value)[] settings)
    {
        string[] all = [.. arguments, .. VaultOptions];
        _seen.AddRange(all);
        Dictionary<string, string> environment = new(Settings);
        foreach (var (key, value) in settings) environment[key] = value;
        var terminal = PseudoTerminal.Start(Stage.Programs.Broker, all, environment, redirection, columns);
        _terminals.Add(terminal);
        return terminal;
    }

    public async ValueTask DisposeAsync()
    {
        var secrets = _secrets.Concat(Simulator.Accounts.AccessTokens).Concat(Simulator.Entra.AccessTokens)
            .Concat(Simulator.Accounts.RefreshTokens.Select(token => token.Value)).Append(Operator.FederatedToken).ToList();
        var seen = string.Join('\n', [.. _seen, .. _terminals.Select(terminal => terminal.Raw), Stage.Output, .. Files(Overlays)]);
        await Stage.DisposeAsync();
        foreach (var (secret, at) in secrets.Select((secret, at) => (secret, at)))
            seen.Contains(secret, StringComparison.Ordinal).ShouldBeFalse(string.Create(CultureInfo.InvariantCulture, $"secret {at} of {secrets.Count} stands in an output, an argument or a file"));
    }

    private static IEnumerable<string> Files(string folder) =>
        Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(File.ReadAllText) : [];
}

/// <summary>A command that has ended.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">Everything it wrote, to standard output and error alike.</param>
public sealed record Ran(int ExitCode, string Output);

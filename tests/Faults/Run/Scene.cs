using System.Text.RegularExpressions;
using ModelContextProtocol.Protocol;
using Sidecar.Sandbox.Processes;
using Sidecar.Simulator;
using Sidecar.Tests.Faults.Matrix;
using Sidecar.Tests.Harness;

namespace Sidecar.Tests.Faults.Run;

/// <summary>One simulator with one pair, for one row: no other row can disturb it.</summary>
internal sealed class Scene : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Stage _stage;
    private readonly List<RunningBroker> _brokers = [];
    private readonly Queue<string> _requests;
    private RunningShim _shim = null!;
    private int _calls;

    private Scene(Stage stage)
    {
        _stage = stage;
        stage.Instance.Switches = new InstanceSwitches { ResolutionNeededToClose = false };
        _requests = new Queue<string>(stage.Instance.Records("requests")
            .Where(request => (bool?)request["status"]!["in_progress"] == true && (string?)request["requester"]?["email_id"] is { Length: > 0 })
            .Select(request => (string)request["id"]!));
        User = stage.Simulator.AddUser();
        Settings = stage.FileSettings(User);
    }

    public SimulatorHost Simulator => _stage.Simulator;

    public Instance Instance => _stage.Instance;

    public WorkFolder Folder => _stage.Folder;

    public SimulatedUser User { get; private set; }

    /// <summary>Settings of the broker; its patience with ServiceDesk Plus is short, so that silence does not last.</summary>
    public Dictionary<string, string> Settings { get; private set; }

    public Dictionary<string, string> ShimSettings { get; } = [];

    /// <summary>The programs; a row may put a broker in surroundings of its own.</summary>
    public Programs Programs { get; set; } = Stage.Programs;

    public ChildProcess Broker => _brokers[^1].Process;

    public ChildProcess Shim => _shim.Process;

    public static async Task<Scene> SetAsync() => new(await Stage.SetAsync());

    /// <summary>Takes another user, whose credential is like that.</summary>
    public void Credential(Func<SimulatedCredential, SimulatedCredential> change, IReadOnlyList<string>? scopes = null)
    {
        User = Simulator.AddUser(new UserWish { Scopes = scopes });
        User = User with { Credential = change(User.Credential) };
        Settings = _stage.FileSettings(User);
    }

    /// <summary>Keeps the credential in the vault.</summary>
    public void UseVault() => Settings = _stage.VaultSettings(User, "sdp-faults");

    public async Task StartAsync(bool ready)
    {
        Settings.TryAdd("Sdp__ReadTimeout", "00:00:02");
        Settings.TryAdd("Sdp__WriteTimeout", "00:00:03");
        _brokers.Add(await _stage.StartBrokerAsync(Settings, ready, Programs));
        _shim = await _stage.StartShimAsync(_brokers[^1], ShimSettings);
        await _shim.ClientAsync();
    }

    /// <summary>Starts a broker in place of the one that died.</summary>
    public async Task RestartBrokerAsync()
    {
        await Broker.WaitForExitAsync(Patience);
        Settings["Broker__Listen"] = _brokers[^1].Address;
        _brokers.Add(await _stage.StartBrokerAsync(Settings, ready: true, Programs));
    }

    /// <summary>Starts a shim in place of the one that died; the client stays the same.</summary>
    public async Task RestartShimAsync()
    {
        await Shim.WaitForExitAsync(Patience);
        var settings = new Dictionary<string, string>(ShimSettings) { ["Shim__Listen"] = _shim.Mcp.GetLeftPart(UriPartial.Authority) };
        _shim.Replace((await _stage.StartShimAsync(_brokers[^1], settings)).Process);
    }

    /// <summary>A call of a class, on a request that no other call has.</summary>
    public Call NewCall(OperationClass operation) =>
        new(operation, _requests.Dequeue(), $"{operation.Name} {Interlocked.Increment(ref _calls)} of {User.Credential.ClientId[^8..]}");

    /// <summary>Makes a call as an MCP client does, and says what came of it.</summary>
    public async Task<Outcome> MakeAsync(Call call, Func<Task>? meanwhile = null, Func<Task>? afterwards = null, bool reason = false)
    {
        var since = Simulator.Journal.LastSeq;
        var told = Told(call.Operation).Count;
        var asked = AskAsync(call);
        if (meanwhile is not null) await meanwhile();
        var (claim, text) = await asked;
        if (afterwards is not null) await afterwards();
        if (reason) await UntilAsync(() => Told(call.Operation).Count > told, $"an audit line of {call.Operation.Tool}");
        var seen = Simulator.Journal.Since(since);
        return new Outcome(
            claim, text, reason ? Told(call.Operation)[^1] : null, seen.Count(call.Wrote), call.Done(Instance), seen.Count(entry => entry.Service == Service.Accounts));
    }

    /// <summary>Waits until something holds.</summary>
    /// <exception cref="TimeoutException">It did not.</exception>
    public static async Task UntilAsync(Func<bool> holds, string what)
    {
        using var end = new CancellationTokenSource(Patience);
        while (!holds())
        {
            if (end.IsCancellationRequested) throw new TimeoutException($"Waited in vain for {what}.");
            await Task.Delay(10, CancellationToken.None);
        }
    }

    /// <summary>Waits until the simulator has received the call.</summary>
    public Task ArrivedAsync(Call call) => UntilAsync(() => Simulator.Journal.Since().Any(call.Matches), $"{call.Operation.Name} to arrive");

    /// <summary>Secrets that anything this scene has shown holds; their kind only.</summary>
    public IEnumerable<string> Leaks(string text)
    {
        var credential = User.Credential;
        (string Kind, string Value)[] secrets =
        [
            ("the client secret", credential.ClientSecret), ("the refresh token", credential.RefreshToken), ("the federated token", User.Identity.FederatedToken),
            .. Simulator.Accounts.AccessTokens.Select(token => ("an access token", token)),
        ];
        return secrets.Where(secret => text.Contains(secret.Value, StringComparison.Ordinal)).Select(secret => secret.Kind).Distinct();
    }

    /// <summary>Everything that both processes have written.</summary>
    public string Output => _stage.Output;

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    private async Task<(Claim Claim, string Text)> AskAsync(Call call)
    {
        CallToolResult result;
        try
        {
            result = await _shim.CallAsync(call.Operation.Tool, call.Operation.Arguments(call.RequestId, call.Words));
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException or ModelContextProtocol.McpException or OperationCanceledException)
        {
            return (Claim.Silence, gone.Message);
        }

        var text = string.Concat(result.Content.OfType<TextContentBlock>().Select(block => block.Text));
        if (result.IsError != true) return (Claim.Done, text);
        var claims = Sentences.Where(sentence => text.Contains(sentence.Text, StringComparison.Ordinal)).Select(sentence => sentence.Claim).ToList();
        return claims.Count == 1 ? (claims[0], text) : throw new InvalidOperationException($"A failure has to say one thing about what was changed, and says {claims.Count}: {text}");
    }

    private static readonly (Claim Claim, string Text)[] Sentences =
    [
        (Claim.Nothing, "Nothing was changed."),
        (Claim.Partly, "Only a part of it was done"),
        (Claim.Unknown, "It is not known whether the change was made."),
    ];

    private List<string> Told(OperationClass operation) =>
        [.. _brokers.SelectMany(broker => Regex.Matches(broker.Process.Output, $@"audit {operation.Tool} \(\w+\) record=\S+ outcome=(\w+) ").Select(line => line.Groups[1].Value))];
}

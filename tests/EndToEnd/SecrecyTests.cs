using System.Globalization;
using System.Text;
using System.Text.Json;
using Sidecar.Contract;
using Sidecar.Simulator;
using Sidecar.Tests.Harness;

namespace Sidecar.Tests.EndToEnd;

/// <summary>Invariant 1: no secret leaves the broker, and the shim never holds one.</summary>
public sealed class SecrecyTests : IAsyncLifetime
{
    private Stage _stage = null!;
    private SimulatedUser _user = null!;

    public async ValueTask InitializeAsync()
    {
        _stage = await Stage.SetAsync();
        _user = _stage.Simulator.AddUser();
    }

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task No_secret_is_in_any_reply_log_or_error_on_good_days_and_bad()
    {
        var broker = await _stage.StartBrokerAsync(Talkative(_stage.VaultSettings(_user, "sdp-secrecy")));
        var shim = await _stage.StartShimAsync(broker, new() { ["Logging__LogLevel__Default"] = "Trace" });
        var said = new StringBuilder();

        foreach (var tool in Catalog.Current.Tools) await SayAsync(tool.Tool!.Name, Arguments(tool, _stage.Instance));
        foreach (var fault in Faults().Where(fault => fault.Status != 401)) await StrikeAsync(fault);

        // Quoting what it was sent is what a hostile server, or a careless one, does.
        var quoted = $"Zoho-oauthtoken {_stage.Simulator.Accounts.AccessTokens[^1]} {_user.Credential.ClientSecret} {_user.Credential.RefreshToken}";
        _stage.Simulator.Faults.Add(new Fault { Service = Service.Sdp, Kind = FaultKind.Status, Status = 400, Body = Quoting(quoted) });
        await SayAsync("list_requests", new { });
        _stage.Simulator.Faults.Clear();
        said.ToString().ShouldContain("[secret]");

        var echo = _user.Credential.RefreshToken + _user.Credential.ClientSecret;
        _stage.Simulator.Accounts.ExpireAccessTokens();
        _stage.Simulator.Faults.Add(new Fault { Service = Service.Accounts, Kind = FaultKind.Body, Body = JsonSerializer.Serialize(new { error = echo, error_description = echo }) });
        await SayAsync("list_requests", new { });
        await SayAsync("whoami", new { });
        _stage.Simulator.Faults.Clear();
        // A token that is taken nowhere ends calls for a while, so that comes last.
        foreach (var fault in Faults().Where(fault => fault.Status == 401)) await StrikeAsync(fault);

        said.Append(await broker.WhoAmIAsync()).Append(await broker.CallAsync<Description>("Describe", new DescribeRequest()));
        var everything = said.ToString() + _stage.Output;
        everything.Length.ShouldBeGreaterThan(10_000);
        foreach (var (name, secret) in Secrets()) everything.Contains(secret, StringComparison.Ordinal).ShouldBeFalse($"the {name} was shown");

        async Task StrikeAsync(Fault fault)
        {
            _stage.Simulator.Faults.Add(fault);
            await SayAsync("list_requests", new { });
            await SayAsync("create_request", new { subject = $"x {fault.Kind} {fault.Status}" });
            _stage.Simulator.Faults.Clear();
        }

        async Task SayAsync(string tool, object arguments) =>
            said.Append(JsonSerializer.Serialize((await shim.CallAsync(tool, arguments)).Content, ModelContextProtocol.McpJsonUtilities.DefaultOptions));
    }

    [Fact]
    public async Task No_technician_key_is_in_any_reply_log_or_error_nor_in_the_shims_memory()
    {
        var user = _stage.Simulator.AddOnPremUser();
        var (premises, key) = (_stage.Simulator.Instances["premises"], user.Credential.TechnicianKey);
        var settings = Talkative(_stage.FileSettings(user));
        var broker = await _stage.StartBrokerAsync(settings);
        var shim = await _stage.StartShimAsync(broker, new() { ["Logging__LogLevel__Default"] = "Trace" });
        var said = new StringBuilder();

        foreach (var tool in Catalog.Current.Tools) await SayAsync(tool.Tool!.Name, Arguments(tool, premises));
        var faults = Faults().Append(new Fault { Service = Service.Sdp, Kind = FaultKind.Status, Status = 400, Body = Quoting($"authtoken: {key}") });
        // A refused key is final, so that comes last.
        foreach (var fault in faults.OrderBy(fault => fault.Status == 401))
        {
            _stage.Simulator.Faults.Add(fault);
            await SayAsync("list_requests", new { });
            await SayAsync("create_request", new { subject = "x" });
            _stage.Simulator.Faults.Clear();
        }

        said.ToString().ShouldContain("[secret]");
        ProcessMemory.Contains(broker.Process, Encoding.UTF8.GetBytes(key), Encoding.Unicode.GetBytes(key)).ShouldBeTrue();
        ProcessMemory.Contains(shim.Process, Encoding.UTF8.GetBytes(key), Encoding.Unicode.GetBytes(key)).ShouldBeFalse();

        await SayAsync("list_requests", new { });
        await SayAsync("whoami", new { });
        // A key in a member where none belongs, and in a kind that there is not.
        foreach (var broken in new[] { user.Credential.ToJson().Replace("technician_key", key, StringComparison.Ordinal), user.Credential.ToJson().Replace("on_prem", key, StringComparison.Ordinal) })
        {
            settings["Credential__Path"] = _stage.Folder.Write($"broken-{broken.Length}.json", broken);
            var other = await _stage.StartBrokerAsync(settings, ready: false);
            said.Append(await other.FailAsync("ListRequests", new Contract.Sdp.ListRequestsRequest())).Append(await other.WhoAmIAsync());
        }

        var everything = said.ToString() + _stage.Output;
        everything.Length.ShouldBeGreaterThan(10_000);
        everything.Contains(key, StringComparison.Ordinal).ShouldBeFalse("the technician key was shown");

        async Task SayAsync(string tool, object arguments) =>
            said.Append(JsonSerializer.Serialize((await shim.CallAsync(tool, arguments)).Content, ModelContextProtocol.McpJsonUtilities.DefaultOptions));
    }

    [Fact]
    public async Task The_shims_memory_holds_no_secret_while_the_brokers_does()
    {
        var broker = await _stage.StartBrokerAsync(_stage.VaultSettings(_user, "sdp-memory"));
        var shim = await _stage.StartShimAsync(broker);
        await (await shim.ClientAsync()).ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken);
        await shim.DoAsync("list_requests");
        await shim.DoAsync("whoami");

        // The broker is the proof that the search finds what is there.
        ProcessMemory.Contains(broker.Process, Encoding.UTF8.GetBytes(_user.Credential.RefreshToken), Encoding.Unicode.GetBytes(_user.Credential.RefreshToken)).ShouldBeTrue();
        foreach (var (name, secret) in Secrets())
            ProcessMemory.Contains(shim.Process, Encoding.UTF8.GetBytes(secret), Encoding.Unicode.GetBytes(secret)).ShouldBeFalse($"the shim holds the {name}");
    }

    [Fact]
    public void No_message_of_the_contract_has_room_for_a_secret()
    {
        string[] words = ["secret", "technician_key", "refresh_token", "access_token", "password", "authorization", "header", "url"];
        var fields = Catalog.Current.Operations.SelectMany(operation => new[] { operation.Descriptor.InputType, operation.Descriptor.OutputType })
            .SelectMany(message => message.Fields.InFieldNumberOrder()).Select(field => field.FullName).Distinct();
        fields.Where(name => words.Any(word => name.Split('.')[^1].Contains(word, StringComparison.Ordinal))).ShouldBe(["sidecar.v1.Identity.instance_url"]);
    }

    private IEnumerable<(string Name, string Secret)> Secrets() =>
    [
        ("client secret", _user.Credential.ClientSecret),
        ("refresh token", _user.Credential.RefreshToken),
        ("federated token", _user.Identity.FederatedToken),
        .. _stage.Simulator.Accounts.AccessTokens.Select((token, index) => (string.Create(CultureInfo.InvariantCulture, $"access token {index}"), token)),
        .. _stage.Simulator.Entra.AccessTokens.Select((token, index) => (string.Create(CultureInfo.InvariantCulture, $"vault token {index}"), token)),
    ];

    private static Dictionary<string, string> Talkative(Dictionary<string, string> settings)
    {
        foreach (var category in new[] { "Default", "Microsoft", "Grpc", "System.Net.Http" }) settings[$"Logging__LogLevel__{category}"] = "Trace";
        return settings;
    }

    private static string Quoting(string text) => JsonSerializer.Serialize(new
    {
        response_status = new { status_code = 4000, status = "failed", messages = new[] { new { status_code = 4001, field = text, message = text } } },
    });

    private static Dictionary<string, string> Arguments(Operation tool, Instance instance)
    {
        var id = (string)instance.Records("requests")[0]["id"]!;
        return tool.Descriptor.InputType.Fields.InFieldNumberOrder().Where(field => field.IsRequiredByContract())
            .ToDictionary(field => field.Name, field => field.Annotation().IdOf.Length > 0 ? id : "Ada");
    }

    private static IEnumerable<Fault> Faults() =>
    [
        new() { Service = Service.Sdp, Kind = FaultKind.Reset },
        new() { Service = Service.Sdp, Kind = FaultKind.Refuse },
        new() { Service = Service.Sdp, Kind = FaultKind.Html },
        new() { Service = Service.Sdp, Kind = FaultKind.Garbage },
        new() { Service = Service.Sdp, Kind = FaultKind.Status, Status = 401, Body = "" },
        new() { Service = Service.Sdp, Kind = FaultKind.Status, Status = 500, Body = Bodies.Error(4004) },
    ];
}

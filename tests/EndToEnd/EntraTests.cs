using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ModelContextProtocol.Client;
using Sidecar.Sandbox;
using Sidecar.Simulator;
using Sidecar.Tests.Harness;

namespace Sidecar.Tests.EndToEnd;

/// <summary>Invariant 6 with Entra ID: pairs as processes, beyond loopback, each for its owner alone.</summary>
public sealed class EntraTests : IAsyncLifetime
{
    private const string Ada = "ada@example.com", Ben = "ben@example.com";
    private const string ListRequests = """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"list_requests","arguments":{}}}""";

    private readonly string _audience = Guid.NewGuid().ToString();
    private Stage _stage = null!;
    private RunningBroker _broker = null!;

    public async ValueTask InitializeAsync()
    {
        _stage = await Stage.SetAsync();
        _broker = await _stage.StartBrokerAsync(_stage.FileSettings(_stage.Simulator.AddUser()));
    }

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task Each_users_shim_answers_its_owners_token_and_refuses_the_others()
    {
        var adas = await StartShimAsync(Ada);
        var other = await _stage.StartBrokerAsync(_stage.FileSettings(_stage.Simulator.AddUser(new UserWish { Email = _stage.Instance.TechnicianEmails[1] })));
        var bens = await StartShimAsync(Ben, broker: other);

        (await PostAsync(adas, Token(Ada))).Status.ShouldBe(HttpStatusCode.OK);
        (await PostAsync(bens, Token(Ben))).Status.ShouldBe(HttpStatusCode.OK);
        (await PostAsync(adas, Token(Ben))).Body.ShouldContain("another person");
        (await PostAsync(adas, Token(Ben))).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await PostAsync(bens, Token(Ada))).Status.ShouldBe(HttpStatusCode.Forbidden);
        _broker.Process.Output.ShouldContain($"caller={_stage.Simulator.Entra.ObjectIdOf(Ada)}");
    }

    [Fact]
    public async Task Every_wrong_token_is_refused_and_no_token_is_in_any_log()
    {
        _broker = await _stage.StartBrokerAsync(Talkative(_stage.FileSettings(_stage.Simulator.AddUser())));
        var shim = await StartShimAsync(Ada, Talkative([]));
        var said = new StringBuilder();
        var tokens = Enum.GetValues<EntraTokenKind>().ToDictionary(kind => kind, kind => Token(Ada, kind));
        foreach (var (kind, token) in tokens)
        {
            var reply = await PostAsync(shim, token);
            said.Append(reply.Body).Append(reply.Challenge);
            if (kind == EntraTokenKind.Good) reply.Status.ShouldBe(HttpStatusCode.OK, reply.Body);
            else ((int)reply.Status).ShouldBeOneOf(401, 403);
        }

        var everything = said + _stage.Output;
        everything.ShouldContain("list_requests called by");
        foreach (var part in tokens.Values.SelectMany(token => token.Split('.')[1..]).Where(part => part.Length > 0))
            everything.Contains(part, StringComparison.Ordinal).ShouldBeFalse("a part of a token was shown");
    }

    [Fact]
    public async Task A_key_that_Entra_rolls_in_opens_without_a_restart_and_the_token_of_before_still_does()
    {
        var shim = await StartShimAsync(Ada);
        var before = Token(Ada);
        (await PostAsync(shim, before)).Status.ShouldBe(HttpStatusCode.OK);
        _stage.Simulator.Entra.AddKey();
        (await PostAsync(shim, Token(Ada))).Status.ShouldBe(HttpStatusCode.OK);
        (await PostAsync(shim, before)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task While_Entra_is_away_keys_open_and_tokens_wait_and_it_recovers_by_itself()
    {
        _stage.Simulator.Faults.Add(new Fault { Service = Service.Entra, Kind = FaultKind.Refuse });
        var key = ApiKey.Create();
        var shim = await StartShimAsync(Ada, new() { ["Shim__Access__ApiKeys__0__Name"] = "laptop", ["Shim__Access__ApiKeys__0__Sha256"] = key.Sha256 });
        (await PostAsync(shim, key.Value)).Status.ShouldBe(HttpStatusCode.OK);
        (await PostAsync(shim, Token(Ada))).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await _stage.RunAsync(Stage.Programs.Shim, ["health"], new() { ["Shim__Listen"] = $"http://127.0.0.1:{shim.Mcp.Port}", ["Shim__Broker"] = _broker.Address })).ExitCode.ShouldBe(0);

        _stage.Simulator.Faults.Clear();
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while ((await PostAsync(shim, Token(Ada))).Status != HttpStatusCode.OK) await Task.Delay(500, end.Token);

        _stage.Simulator.Faults.Add(new Fault { Service = Service.Entra, Kind = FaultKind.Refuse });
        (await PostAsync(shim, Token(Ada))).Status.ShouldBe(HttpStatusCode.OK, "the keys are kept");
    }

    [Fact]
    public async Task A_client_that_follows_the_challenge_finds_the_tenant()
    {
        var shim = await StartShimAsync(Ada);
        var challenge = (await PostAsync(shim, null)).Challenge;
        var url = challenge.Split("resource_metadata=\"")[1].Split('"')[0];
        using var plain = new HttpClient(new SocketsHttpHandler());
        var metadata = JsonElement.Parse(await plain.GetStringAsync(new Uri(url), TestContext.Current.CancellationToken));
        metadata.Text("resource").ShouldBe(Url(shim).ToString());

        using var client = new HttpClient(_stage.Simulator.CreateHandler());
        var tenant = JsonElement.Parse(await client.GetStringAsync(
            new Uri($"{metadata.GetProperty("authorization_servers")[0].GetString()}/.well-known/openid-configuration"), TestContext.Current.CancellationToken));
        tenant.Text("authorization_endpoint")!.ShouldEndWith("/oauth2/v2.0/authorize");
    }

    [Fact]
    public async Task An_MCP_client_with_the_owners_token_works()
    {
        var shim = await StartShimAsync(Ada);
        await using var client = await McpClient.CreateAsync(
            new HttpClientTransport(new HttpClientTransportOptions { Endpoint = Url(shim), AdditionalHeaders = new Dictionary<string, string> { ["Authorization"] = $"Bearer {Token(Ada)}" } }),
            cancellationToken: TestContext.Current.CancellationToken);
        (await client.CallToolAsync("whoami", cancellationToken: TestContext.Current.CancellationToken)).IsError.ShouldNotBe(true);
    }

    [Fact]
    public async Task Over_standard_input_and_output_the_settings_are_checked_and_ask_for_nothing()
    {
        var settings = EntraSettings(Ada);
        settings["Shim__Broker"] = _broker.Address;
        await using var client = await McpClient.CreateAsync(
            new StdioClientTransport(new StdioClientTransportOptions { Command = Stage.Programs.Shim, Arguments = ["serve", "--stdio"], EnvironmentVariables = settings.ToDictionary(pair => pair.Key, pair => (string?)pair.Value) }),
            cancellationToken: TestContext.Current.CancellationToken);
        (await client.CallToolAsync("whoami", cancellationToken: TestContext.Current.CancellationToken)).IsError.ShouldNotBe(true);

        settings["Shim__Access__Entra__Owner"] = "ada";
        var (exitCode, output) = await _stage.RunAsync(Stage.Programs.Shim, ["serve", "--stdio"], settings);
        exitCode.ShouldBe(78, output);
    }

    private string Token(string principalName, EntraTokenKind kind = EntraTokenKind.Good) =>
        _stage.Simulator.Entra.MakeUserToken(new EntraTokenWish { Audience = _audience, PrincipalName = principalName, Kind = kind });

    private Task<RunningShim> StartShimAsync(string owner, Dictionary<string, string>? more = null, RunningBroker? broker = null)
    {
        var settings = EntraSettings(owner);
        settings["Shim__Listen"] = "http://0.0.0.0:0";
        foreach (var (key, value) in more ?? []) settings[key] = value;
        return _stage.StartShimAsync(broker ?? _broker, settings);
    }

    private Dictionary<string, string> EntraSettings(string owner) => new()
    {
        ["Shim__Access__Entra__TenantId"] = _stage.Simulator.Entra.TenantId,
        ["Shim__Access__Entra__Audience"] = _audience,
        ["Shim__Access__Entra__Owner"] = _stage.Simulator.Entra.ObjectIdOf(owner),
        ["Shim__Access__Entra__Authority"] = _stage.Simulator.EntraUrl.OriginalString,
        ["Tls__CaFile"] = _stage.CaFile,
    };

    private static Uri Url(RunningShim shim) => new UriBuilder(shim.Mcp) { Host = "127.0.0.1" }.Uri;

    private static Dictionary<string, string> Talkative(Dictionary<string, string> settings)
    {
        foreach (var category in new[] { "Default", "Microsoft", "System.Net.Http" }) settings[$"Logging__LogLevel__{category}"] = "Trace";
        return settings;
    }

    private static async Task<(HttpStatusCode Status, string Challenge, string Body)> PostAsync(RunningShim shim, string? bearer)
    {
        using var client = new HttpClient(new SocketsHttpHandler());
        using var request = new HttpRequestMessage(HttpMethod.Post, Url(shim)) { Content = new StringContent(ListRequests, Encoding.UTF8, "application/json") };
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        if (bearer is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return (response.StatusCode, response.Headers.WwwAuthenticate.ToString(), await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}

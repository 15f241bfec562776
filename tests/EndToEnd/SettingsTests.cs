using Sidecar.Tests.Harness;

namespace Sidecar.Tests.EndToEnd;

/// <summary>Settings that do not hold end the programs with exit code 78 and one answer that names every problem.</summary>
public sealed class SettingsTests : IAsyncLifetime
{
    private const int BadSettings = 78;

    private Stage _stage = null!;

    public async ValueTask InitializeAsync() => _stage = await Stage.SetAsync();

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task A_broker_names_every_setting_that_does_not_hold_at_once()
    {
        var (exitCode, output) = await _stage.RunAsync(Stage.Programs.Broker, ["serve"], new()
        {
            ["Broker__Listen"] = "http://0.0.0.0:7410",
            ["Credential__VaultUri"] = "http://vault.example",
            ["Policy__Deny"] = "close_requests",
            ["Policy__Toolsets"] = "request",
            ["Policy__ReadOnly"] = "yes",
            ["Policy__Alow"] = "get_request",
            ["Broker__DrainTimeout"] = "soon",
            ["Tls__CaFile"] = "/nowhere/ca.pem",
            ["Tokens__CachePath"] = "/nowhere/token.json",
        });
        exitCode.ShouldBe(BadSettings, output);
        foreach (var named in new[] { "Broker__Listen", "Credential__VaultUri", "Credential__SecretName", "Policy__Deny", "Policy__Toolsets", "Policy__ReadOnly", "Policy__Alow", "Broker__DrainTimeout", "Tls__CaFile", "Tokens__CachePath" })
            output.ShouldContain(named);
    }

    [Theory]
    [InlineData("Policy__Readonly_", "true")]
    [InlineData("Policy__ReadOnly", "perhaps")]
    [InlineData("Credential__Source", "Environment")]
    [InlineData("Credential__Pathh", "/x")]
    [InlineData("Broker__DrainTimeout", "soon")]
    [InlineData("Broker__DrainTimeout", "30")]
    public async Task A_broker_does_not_start_on_a_setting_it_does_not_understand(string key, string value)
    {
        var settings = _stage.FileSettings(_stage.Simulator.AddUser());
        settings[key] = value;
        var (exitCode, output) = await _stage.RunAsync(Stage.Programs.Broker, ["serve"], settings);
        exitCode.ShouldBe(BadSettings, output);
        output.ShouldContain(key.Split("__")[1], Case.Insensitive);
    }

    [Theory]
    [InlineData("http://0.0.0.0:0")]
    [InlineData("http://[::]:0")]
    [InlineData("http://*:0")]
    [InlineData("http://example.com:80")]
    [InlineData("https://127.0.0.1:0")]
    public async Task A_broker_never_listens_where_a_network_reaches_it(string listen)
    {
        var settings = _stage.FileSettings(_stage.Simulator.AddUser());
        settings["Broker__Listen"] = listen;
        var (exitCode, output) = await _stage.RunAsync(Stage.Programs.Broker, ["serve"], settings);
        exitCode.ShouldBe(BadSettings, output);
        output.ShouldContain("Broker__Listen");
    }

    [Theory]
    [InlineData("http://0.0.0.0:0")]
    [InlineData("http://[::]:0")]
    public async Task A_shim_without_keys_does_not_listen_beyond_loopback(string listen)
    {
        var (exitCode, output) = await _stage.RunAsync(Stage.Programs.Shim, ["serve"], new() { ["Shim__Listen"] = listen });
        exitCode.ShouldBe(BadSettings, output);
        output.ShouldContain("Shim__Access__ApiKeys");
    }

    [Fact]
    public async Task A_shim_names_every_setting_that_does_not_hold_at_once()
    {
        var (exitCode, output) = await _stage.RunAsync(Stage.Programs.Shim, ["serve"], new()
        {
            ["Shim__Broker"] = "http://broker.example:7410",
            ["Shim__CallTimeout"] = "never",
            ["Shim__Access__ApiKeys__0__Sha256"] = "abc",
            ["Shim__Brokr"] = "x",
        });
        exitCode.ShouldBe(BadSettings, output);
        foreach (var named in new[] { "Shim__Broker", "Shim__CallTimeout", "Shim__Access__ApiKeys__0__Sha256", "Shim__Brokr" }) output.ShouldContain(named);
    }
}

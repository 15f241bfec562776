using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Sidecar.Sandbox;
using Sidecar.Tests.Harness;

namespace Sidecar.Tests.EndToEnd;

/// <summary>Invariant 6: who may call, at the shim's door and at the broker's socket.</summary>
public sealed class AccessTests : IAsyncLifetime
{
    private const string ListTools = """{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{}}""";

    private readonly ApiKey _key = ApiKey.Create();
    private Stage _stage = null!;
    private RunningBroker _broker = null!;

    public async ValueTask InitializeAsync()
    {
        _stage = await Stage.SetAsync();
        _broker = await _stage.StartBrokerAsync(_stage.FileSettings(_stage.Simulator.AddUser()));
    }

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task A_shim_beyond_loopback_answers_the_key_and_nobody_else()
    {
        var shim = await _stage.StartShimAsync(_broker, new()
        {
            ["Shim__Listen"] = "http://0.0.0.0:0",
            ["Shim__Access__ApiKeys__0__Name"] = "test",
            ["Shim__Access__ApiKeys__0__Sha256"] = _key.Sha256,
        });
        var url = new UriBuilder(shim.Mcp) { Host = "127.0.0.1" }.Uri;
        (await PostAsync(url)).ShouldBe(HttpStatusCode.Unauthorized);
        (await PostAsync(url, request => request.Headers.Add("X-API-Key", ApiKey.Create().Value))).ShouldBe(HttpStatusCode.Unauthorized);
        (await PostAsync(url, request => request.Headers.Add("X-API-Key", _key.Sha256))).ShouldBe(HttpStatusCode.Unauthorized);
        (await PostAsync(url, request => request.Headers.Add("X-API-Key", _key.Value))).ShouldBe(HttpStatusCode.OK);
        (await PostAsync(url, request => request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _key.Value))).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_key_made_by_keygen_opens_the_shim_it_was_made_for()
    {
        var (exitCode, output) = await _stage.RunAsync(Stage.Programs.Shim, ["keygen", "--name", "laptop"], []);
        exitCode.ShouldBe(0, output);
        var words = output.Split([' ', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries);
        var settings = words.Where(word => word.StartsWith("Shim__Access__ApiKeys__0__", StringComparison.Ordinal)).Select(word => word.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        settings.Count.ShouldBe(2);
        var digest = settings["Shim__Access__ApiKeys__0__Sha256"];
        var key = words.First(word => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(word))) == digest);
        var shim = await _stage.StartShimAsync(_broker, settings);
        (await PostAsync(shim.Mcp)).ShouldBe(HttpStatusCode.Unauthorized);
        (await PostAsync(shim.Mcp, request => request.Headers.Add("X-API-Key", key))).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_page_in_a_browser_cannot_reach_the_shim_by_another_name_or_from_another_origin()
    {
        var shim = await _stage.StartShimAsync(_broker);
        (await PostAsync(shim.Mcp)).ShouldBe(HttpStatusCode.OK);
        (await PostAsync(shim.Mcp, request => request.Headers.Host = "evil.example")).ShouldNotBe(HttpStatusCode.OK);
        (await PostAsync(shim.Mcp, request => request.Headers.Add("Origin", "https://evil.example"))).ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_pair_works_over_a_Unix_socket()
    {
        var settings = _stage.FileSettings(_stage.Simulator.AddUser());
        settings["Broker__Listen"] = "unix:" + _stage.Folder.File("pair.sock");
        var broker = await _stage.StartBrokerAsync(settings);
        var shim = await _stage.StartShimAsync(broker);
        (await shim.DoAsync("list_requests")).GetProperty("requests").GetArrayLength().ShouldBeGreaterThan(0);
        File.GetUnixFileMode(_stage.Folder.File("pair.sock")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        (await _stage.RunAsync(Stage.Programs.Broker, ["health"], new() { ["Broker__Listen"] = settings["Broker__Listen"] })).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task A_socket_left_by_a_killed_broker_does_not_keep_the_next_from_starting()
    {
        var settings = _stage.FileSettings(_stage.Simulator.AddUser());
        settings["Broker__Listen"] = "unix:" + _stage.Folder.File("left.sock");
        var first = await _stage.StartBrokerAsync(settings);
        first.Process.Kill();
        await first.Process.WaitForExitAsync(TimeSpan.FromSeconds(60));
        File.Exists(_stage.Folder.File("left.sock")).ShouldBeTrue();
        (await (await _stage.StartBrokerAsync(settings)).WhoAmIAsync()).Ready.ShouldBeTrue();
    }

    [Fact]
    public async Task Another_user_of_the_machine_is_turned_away_at_the_socket()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root to act as another user");
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "sidecar-socket-" + Guid.NewGuid().ToString("N")));
        try
        {
            var settings = _stage.FileSettings(_stage.Simulator.AddUser());
            settings["Broker__Listen"] = $"unix:{folder.FullName}/open.sock";
            settings["Broker__AllowedUids"] = "65533";
            folder.UnixFileMode |= UnixFileMode.OtherExecute | UnixFileMode.OtherRead;
            var broker = await _stage.StartBrokerAsync(settings);
            // HTTP/2's opening words: a broker that serves answers with its settings.
            (await KnockAsync(0, folder.FullName)).ShouldNotBe(0);
            (await KnockAsync(65534, folder.FullName)).ShouldBe(0);
            (await KnockAsync(65533, folder.FullName)).ShouldNotBe(0);
            broker.Process.Output.ShouldContain("turned away");
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        static async Task<int> KnockAsync(int uid, string folder)
        {
            const string Script = """
                import os,socket,sys
                os.setuid(int(sys.argv[1])); s=socket.socket(socket.AF_UNIX); s.settimeout(5); s.connect(sys.argv[2])
                try:
                    s.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0"); print(len(s.recv(99)))
                except OSError: print(0)
                """;
            using var python = Process.Start(new ProcessStartInfo("/usr/bin/env", ["python3", "-c", Script, $"{uid}", $"{folder}/open.sock"]) { RedirectStandardOutput = true })!;
            var said = await python.StandardOutput.ReadToEndAsync();
            await python.WaitForExitAsync();
            return int.Parse(said, System.Globalization.CultureInfo.InvariantCulture);
        }
    }

    private static async Task<HttpStatusCode> PostAsync(Uri url, Action<HttpRequestMessage>? change = null)
    {
        using var client = new HttpClient(new SocketsHttpHandler());
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(ListTools, Encoding.UTF8, "application/json") };
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        change?.Invoke(request);
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }
}

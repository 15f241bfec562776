using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Grpc.Core;
using Sidecar.Contract;
using Sidecar.Contract.Sdp;
using Sidecar.Simulator;
using Sidecar.Tests.Harness;

namespace Sidecar.Tests.EndToEnd;

/// <summary>Where the broker's connections go, and over what: redirects, versions of TLS, proxies.</summary>
public sealed class OutboundTests : IAsyncLifetime
{
    private Stage _stage = null!;

    public async ValueTask InitializeAsync() => _stage = await Stage.SetAsync();

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_of_the_instance_is_followed_nowhere(int status)
    {
        using var elsewhere = new Elsewhere();
        var broker = await _stage.StartBrokerAsync(_stage.FileSettings(_stage.Simulator.AddUser()));
        _stage.Simulator.Faults.Add(Redirect(Service.Sdp, status, elsewhere));
        (await broker.FailAsync("ListRequests", new ListRequestsRequest())).Code.ShouldBe(StatusCode.FailedPrecondition);
        (await broker.FailAsync("CreateRequest", new CreateRequestRequest { Subject = "Elsewhere" })).Code.ShouldBe(StatusCode.FailedPrecondition);
        elsewhere.Connections.ShouldBe(0);
    }

    [Theory]
    [InlineData(Service.Accounts)]
    [InlineData(Service.Vault)]
    [InlineData(Service.Entra)]
    public async Task A_redirect_of_Zoho_or_Azure_is_followed_nowhere(Service service)
    {
        using var elsewhere = new Elsewhere();
        _stage.Simulator.Faults.Add(Redirect(service, 307, elsewhere));
        var broker = await _stage.StartBrokerAsync(_stage.VaultSettings(_stage.Simulator.AddUser(), "sdp-redirect"), ready: false);
        Identity identity;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!(identity = await broker.WhoAmIAsync()).Problem.Contains(service switch { Service.Accounts => "307", Service.Vault => "Key Vault", _ => "Azure" }, StringComparison.Ordinal))
            await Task.Delay(50, patience.Token);
        identity.Ready.ShouldBeFalse();
        elsewhere.Connections.ShouldBe(0);
    }

    [Fact]
    public async Task TLS_older_than_1_2_is_not_offered()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var user = _stage.Simulator.AddUser();
        var credential = JsonNode.Parse(user.Credential.ToJson())!;
        credential["base_url"] = $"https://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}";
        var settings = _stage.FileSettings(user);
        await File.WriteAllTextAsync(settings["Credential__Path"], credential.ToJsonString(), TestContext.Current.CancellationToken);
        var broker = await _stage.StartBrokerAsync(settings);

        // What a server is offered is what it may choose of: a server of old TLS finds nothing.
        var offering = FirstRecordAsync(listener);
        var (code, message, _) = await broker.FailAsync("CreateRequest", new CreateRequestRequest { Subject = "Over TLS" });
        (code, message.Contains("TLS failed", StringComparison.Ordinal)).ShouldBe((StatusCode.Unavailable, true), message);
        OfferedVersions(await offering).ShouldBe([0x0304, 0x0303], ignoreOrder: true);
    }

    [Fact]
    public async Task All_that_leaves_the_pod_goes_through_the_proxy_that_the_environment_names()
    {
        await using var proxy = new ConnectProxy();
        var settings = _stage.VaultSettings(_stage.Simulator.AddUser(), "sdp-proxy");
        (settings["HTTPS_PROXY"], settings["NO_PROXY"]) = (proxy.Url, "");
        var broker = await _stage.StartBrokerAsync(settings);
        await broker.CallAsync<RequestPage>("ListRequests", new ListRequestsRequest());
        foreach (var url in new[] { _stage.Simulator.SdpUrl, _stage.Simulator.AccountsUrl, _stage.Simulator.VaultUrl, _stage.Simulator.EntraUrl })
            proxy.Targets.ShouldContain($"{url.Host}:{url.Port}");
    }

    [Fact]
    public async Task What_NO_PROXY_names_is_called_directly()
    {
        await using var proxy = new ConnectProxy();
        var settings = _stage.VaultSettings(_stage.Simulator.AddUser(), "sdp-direct");
        (settings["HTTPS_PROXY"], settings["NO_PROXY"]) = (proxy.Url, "localhost");
        var broker = await _stage.StartBrokerAsync(settings);
        await broker.CallAsync<RequestPage>("ListRequests", new ListRequestsRequest());
        proxy.Targets.Distinct().ShouldBe([$"{_stage.Simulator.VaultUrl.Host}:{_stage.Simulator.VaultUrl.Port}"]);
    }

    [Fact]
    public async Task A_proxy_that_does_not_answer_is_not_gone_around()
    {
        var settings = _stage.FileSettings(_stage.Simulator.AddUser());
        (settings["HTTPS_PROXY"], settings["NO_PROXY"]) = ("http://127.0.0.1:9", "");
        var broker = await _stage.StartBrokerAsync(settings, ready: false);
        Identity identity;
        while (!(identity = await broker.WhoAmIAsync()).Problem.Contains("accounts server", StringComparison.Ordinal))
            await Task.Delay(50, TestContext.Current.CancellationToken);
        identity.Ready.ShouldBeFalse();
        _stage.Simulator.Journal.Since(0).ShouldBeEmpty();
    }

    [Fact]
    public async Task Questions_to_the_broker_itself_go_through_no_proxy()
    {
        var settings = _stage.FileSettings(_stage.Simulator.AddUser());
        var broker = await _stage.StartBrokerAsync(settings);
        var (exitCode, output) = await _stage.RunAsync(Stage.Programs.Broker, ["health"], new()
        {
            ["Broker__Listen"] = broker.Address, ["HTTP_PROXY"] = "http://127.0.0.1:9", ["http_proxy"] = "http://127.0.0.1:9", ["NO_PROXY"] = "", ["no_proxy"] = "",
        });
        exitCode.ShouldBe(0, output);
    }

    private static Fault Redirect(Service service, int status, Elsewhere to) => new()
    {
        Service = service, Kind = FaultKind.Status, Status = status, Headers = new Dictionary<string, string> { ["Location"] = to.Url },
    };

    // A place that counts who comes.
    private sealed class Elsewhere : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

        public Elsewhere() => _listener.Start();

        public string Url => $"https://localhost:{((IPEndPoint)_listener.LocalEndpoint).Port}/app/itdesk/api/v3/requests";

        // The kernel keeps who came until asked.
        public int Connections => _listener.Pending() ? 1 : 0;

        public void Dispose() => _listener.Dispose();
    }

    // The ClientHello; the connection is closed in place of an answer.
    private static async Task<byte[]> FirstRecordAsync(TcpListener listener)
    {
        using var client = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        var head = new byte[5];
        await client.GetStream().ReadExactlyAsync(head, TestContext.Current.CancellationToken);
        var record = new byte[BinaryPrimitives.ReadUInt16BigEndian(head.AsSpan(3))];
        await client.GetStream().ReadExactlyAsync(record, TestContext.Current.CancellationToken);
        return record;
    }

    // RFC 8446, 4.1.2: type and length, version, random; session id, cipher suites, compression; then extensions, of which
    // 43 lists the versions.
    private static List<int> OfferedVersions(byte[] hello)
    {
        var at = 4 + 2 + 32;
        at += 1 + hello[at];
        at += 2 + BinaryPrimitives.ReadUInt16BigEndian(hello.AsSpan(at));
        at += 1 + hello[at];
        at += 2;
        while (at < hello.Length)
        {
            var (type, length) = (BinaryPrimitives.ReadUInt16BigEndian(hello.AsSpan(at)), BinaryPrimitives.ReadUInt16BigEndian(hello.AsSpan(at + 2)));
            if (type == 43) return [.. Enumerable.Range(0, hello[at + 4] / 2).Select(i => (int)BinaryPrimitives.ReadUInt16BigEndian(hello.AsSpan(at + 5 + (i * 2))))];
            at += 4 + length;
        }

        throw new InvalidOperationException("The greeting names no versions.");
    }
}

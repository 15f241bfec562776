using Grpc.Core;
using Sidecar.Contract;
using Sidecar.Contract.Sdp;
using Sidecar.Tests.Harness;

namespace Sidecar.Tests.EndToEnd;

/// <summary>The operator's policy: what it forbids is neither listed nor performed.</summary>
public sealed class PolicyTests : IAsyncLifetime
{
    private Stage _stage = null!;

    public async ValueTask InitializeAsync() => _stage = await Stage.SetAsync();

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task A_read_only_broker_lists_and_performs_no_change()
    {
        var (broker, shim) = await StartAsync(("Policy__ReadOnly", "true"));
        (await ToolsAsync(shim)).ShouldBe(Tools(operation => operation.Access == Access.Read));
        var since = _stage.Simulator.Journal.LastSeq;
        (await broker.FailAsync("CreateRequest", new CreateRequestRequest { Subject = "No" })).Code.ShouldBe(StatusCode.PermissionDenied);
        (await shim.FailAsync("create_request", new { subject = "No" })).ShouldContain("read-only");
        _stage.Simulator.Journal.Since(since).ShouldBeEmpty();
        (await broker.WhoAmIAsync()).ReadOnly.ShouldBeTrue();
    }

    [Fact]
    public async Task Toolsets_limit_what_is_served_and_whoami_stays()
    {
        var (_, shim) = await StartAsync(("Policy__Toolsets", "people, setup"));
        (await ToolsAsync(shim)).ShouldBe(["find_technician", "get_metadata", "get_technician", "list_technicians", "whoami"]);
        (await shim.FailAsync("list_requests")).ShouldContain("toolset requests");
    }

    [Fact]
    public async Task Deny_wins_over_allow()
    {
        var (_, shim) = await StartAsync(("Policy__Allow", "get_request,close_request"), ("Policy__Deny__0", "close_request"));
        (await ToolsAsync(shim)).ShouldBe(["get_request", "whoami"]);
    }

    [Fact]
    public async Task A_denied_tool_cannot_be_had_through_another_tools_step()
    {
        var (broker, _) = await StartAsync(("Policy__Deny", "reply_to_requester"));
        (await broker.FailAsync("SendMessage", new SendMessageRequest { RequestId = "1", To = { "a@example.com" } })).Code.ShouldBe(StatusCode.Unimplemented);
    }

    private async Task<(RunningBroker Broker, RunningShim Shim)> StartAsync(params (string Key, string Value)[] policy)
    {
        var settings = _stage.FileSettings(_stage.Simulator.AddUser());
        foreach (var (key, value) in policy) settings[key] = value;
        var broker = await _stage.StartBrokerAsync(settings);
        return (broker, await _stage.StartShimAsync(broker));
    }

    private static async Task<string[]> ToolsAsync(RunningShim shim) =>
        [.. (await (await shim.ClientAsync()).ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken)).Select(tool => tool.Name).Order()];

    private static string[] Tools(Func<Operation, bool> which) => [.. Catalog.Current.Tools.Where(which).Select(operation => operation.Tool!.Name).Order()];
}

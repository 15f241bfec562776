using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Grpc.Core;
using Shouldly;
using Sidecar.Contract;
using Sidecar.Contract.Sdp;
using Sidecar.Shim.Access;
using Xunit;

namespace Sidecar.Tests.Unit.Shim;

public class BrokerCallTests
{
    private static readonly JsonObject Subject = new() { ["subject"] = "Printer" };

    private readonly int _port = RunningShim.FreePort();

    [Theory]
    [InlineData(RunningShim.Modern)]
    [InlineData(RunningShim.Older)]
    public async Task An_answer_comes_back_as_structure_and_text(string version)
    {
        await using var broker = await ScriptedBroker.StartAsync(_port);
        broker.Answer = (request, _) => Task.FromResult<Google.Protobuf.IMessage>(new Request { DisplayId = ((GetRequestRequest)request).RequestId, Subject = "Printer" });
        await using var shim = await StartShimAsync();
        var result = (await shim.CallAsync(version, "get_request", new JsonObject { ["request_id"] = 33903 })).GetProperty("result");
        result.GetProperty("structuredContent").GetProperty("display_id").GetString().ShouldBe("33903");
        JsonElement.Parse(result.GetProperty("content")[0].GetProperty("text").GetString()!).GetProperty("subject").GetString().ShouldBe("Printer");
        SchemaCheck.Problems(ShimTools.Named("get_request").Protocol.OutputSchema!.Value, result.GetProperty("structuredContent")).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_broker_hears_who_calls_and_how_long_they_wait()
    {
        var key = ApiKey.Generate();
        TimeSpan? left = null;
        await using var broker = await ScriptedBroker.StartAsync(_port);
        broker.Answer = (_, context) =>
        {
            left = context.Deadline - TimeProvider.System.GetUtcNow().UtcDateTime;
            return Task.FromResult<Google.Protobuf.IMessage>(new Request());
        };
        await using var shim = await StartShimAsync([("Shim:CallTimeout", "00:00:30"), .. FrontDoorTests.Key("anna", key)]);
        shim.Http.DefaultRequestHeaders.Add("X-API-Key", key);
        await shim.CallAsync(RunningShim.Modern, "get_request", new JsonObject { ["request_id"] = "1" });
        broker.LastHeaders.GetValue(FailureInfo.CallerHeader).ShouldBe("anna");
        left!.Value.ShouldBeInRange(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_trace_reaches_the_broker_from_the_header_or_from_the_message(bool inMessage)
    {
        const string Trace = "0af7651916cd43dd8448eb211c80319c", Parent = $"00-{Trace}-b7ad6b7169203331-01";
        await using var broker = await ScriptedBroker.StartAsync(_port);
        broker.Answer = (_, _) => Task.FromResult<Google.Protobuf.IMessage>(new Request());
        await using var shim = await StartShimAsync();
        var parameters = new JsonObject { ["name"] = "get_request", ["arguments"] = new JsonObject { ["request_id"] = "1" } };
        if (inMessage) parameters["_meta"] = new JsonObject { ["traceparent"] = Parent };
        var request = RunningShim.Request(RunningShim.Modern, "tools/call", parameters);
        if (!inMessage) request.Headers.Add("traceparent", Parent);
        await shim.SendAsync(request);
        broker.LastHeaders.GetValue("traceparent")!.ShouldContain(Trace);
    }

    [Fact]
    public async Task The_list_leaves_out_what_policy_hides()
    {
        await using var broker = await ScriptedBroker.StartAsync(_port);
        broker.Tools = ["get_request", "whoami"];
        await using var shim = await StartShimAsync();
        var list = await shim.SendAsync(RunningShim.Request(RunningShim.Modern, "tools/list"));
        list.GetProperty("result").GetProperty("tools").EnumerateArray().Select(tool => tool.GetProperty("name").GetString()).ShouldBe(["whoami", "get_request"]);
    }

    [Fact]
    public async Task Calls_work_again_as_soon_as_the_broker_is_back()
    {
        await using var shim = await StartShimAsync();
        for (var round = 0; round < 3; round++)
        {
            // The first call after the broker went may still go out on the dying connection, and then nobody knows.
            (await CreateAsync(shim)).ShouldContain("broker");
            (await CreateAsync(shim)).ShouldContain("Nothing was changed.");
            await using var broker = await ScriptedBroker.StartAsync(_port);
            broker.Answer = (_, _) => Task.FromResult<Google.Protobuf.IMessage>(new Request { Id = "1" });
            (await CreateAsync(shim)).ShouldContain("\"id\":\"1\"");
            (await shim.Http.GetAsync(new Uri("/readyz", UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task A_broker_that_dies_during_a_write_leaves_it_unknown_and_it_is_not_sent_again()
    {
        var calls = 0;
        await using var broker = await ScriptedBroker.StartAsync(_port);
        broker.Answer = (_, context) =>
        {
            Interlocked.Increment(ref calls);
            context.GetHttpContext().Features.Get<Microsoft.AspNetCore.Connections.Features.IConnectionLifetimeFeature>()!.Abort();
            return Task.Delay(Timeout.Infinite, context.CancellationToken).ContinueWith(Google.Protobuf.IMessage (_) => new Request(), TaskScheduler.Default);
        };
        await using var shim = await StartShimAsync();
        (await CreateAsync(shim)).ShouldContain("It is not known whether the change was made. Do not repeat it before checking.");
        calls.ShouldBe(1);
    }

    [Fact]
    public async Task A_write_without_an_answer_in_time_is_unknown()
    {
        await using var broker = await ScriptedBroker.StartAsync(_port);
        broker.Answer = async (_, context) =>
        {
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
            return new Request();
        };
        await using var shim = await StartShimAsync(("Shim:CallTimeout", "00:00:01"));
        var text = await CreateAsync(shim);
        text.ShouldContain("no answer in time");
        text.ShouldContain("It is not known whether the change was made.");
    }

    [Fact]
    public async Task What_policy_forbids_is_explained()
    {
        await using var broker = await ScriptedBroker.StartAsync(_port);
        var info = new Google.Rpc.ErrorInfo { Domain = FailureInfo.Domain, Reason = "READ_ONLY", Metadata = { [FailureInfo.Changed] = "nothing" } };
        broker.Answer = (_, _) => Task.FromException<Google.Protobuf.IMessage>(new Google.Rpc.Status
        {
            Code = (int)StatusCode.PermissionDenied, Message = "This broker refuses every change.", Details = { Google.Protobuf.WellKnownTypes.Any.Pack(info) },
        }.ToRpcException());
        await using var shim = await StartShimAsync();
        (await CreateAsync(shim)).ShouldBe("create_request failed: This broker refuses every change.\nNothing was changed.\nDo not try again; tell the user what is not allowed.");
    }

    [Fact]
    public async Task An_answer_that_cannot_be_shown_is_the_shims_fault_and_the_write_is_not_denied()
    {
        await using var broker = await ScriptedBroker.StartAsync(_port);
        broker.Answer = (_, _) => Task.FromResult<Google.Protobuf.IMessage>(
            new Request { CreatedTime = new Google.Protobuf.WellKnownTypes.Timestamp { Seconds = long.MaxValue } });
        await using var shim = await StartShimAsync();
        var text = await CreateAsync(shim);
        text.ShouldContain("a fault in the shim");
        text.ShouldContain("It was carried out");
        text.ShouldNotContain("Exception");
    }

    [Fact]
    public async Task When_the_client_gives_up_so_does_the_call()
    {
        var (arrived, broken) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var broker = await ScriptedBroker.StartAsync(_port);
        broker.Answer = async (_, context) =>
        {
            context.CancellationToken.Register(broken.SetResult);
            arrived.SetResult();
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
            return new Request();
        };
        await using var shim = await StartShimAsync();
        using var patience = new CancellationTokenSource();
        var request = RunningShim.Request(RunningShim.Modern, "tools/call", new JsonObject { ["name"] = "create_request", ["arguments"] = Subject.DeepClone() });
        var call = shim.Http.SendAsync(request, patience.Token);
        await arrived.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await patience.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => call);
        await broken.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task The_broker_may_listen_on_a_unix_socket()
    {
        var socket = Path.Combine(Path.GetTempPath(), $"shim-{Guid.NewGuid():N}.sock");
        await using var broker = await ScriptedBroker.StartAsync(socket);
        broker.Answer = (_, _) => Task.FromResult<Google.Protobuf.IMessage>(new Request { Id = "1" });
        await using var shim = await RunningShim.StartAsync(("Shim:Broker", $"unix:{socket}"));
        (await CreateAsync(shim)).ShouldContain("\"id\":\"1\"");
    }

    private Task<RunningShim> StartShimAsync(params (string, string)[] settings) =>
        RunningShim.StartAsync([("Shim:Broker", $"http://127.0.0.1:{_port}"), .. settings]);

    private static async Task<string> CreateAsync(RunningShim shim) =>
        (await shim.CallAsync(RunningShim.Modern, "create_request", (JsonObject)Subject.DeepClone())).GetProperty("result").GetProperty("content")[0].GetProperty("text").GetString()!;
}

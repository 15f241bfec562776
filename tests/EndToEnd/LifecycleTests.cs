using System.Diagnostics;
using Sidecar.Contract.Sdp;
using Sidecar.Simulator;
using Sidecar.Tests.Harness;

namespace Sidecar.Tests.EndToEnd;

/// <summary>Starting, stopping and dying of either process; invariant 5: the shim has no state.</summary>
public sealed class LifecycleTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private Stage _stage = null!;
    private Dictionary<string, string> _settings = null!;

    public async ValueTask InitializeAsync()
    {
        _stage = await Stage.SetAsync();
        _settings = _stage.FileSettings(_stage.Simulator.AddUser());
    }

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task A_shim_killed_between_two_calls_of_one_client_changes_nothing()
    {
        var broker = await _stage.StartBrokerAsync(_settings);
        var first = await _stage.StartShimAsync(broker);
        var id = (await first.DoAsync("create_request", new { subject = "Before the kill" })).Text("id");

        first.Process.Kill();
        await first.Process.WaitForExitAsync(Patience);
        await _stage.StartShimAsync(broker, new() { ["Shim__Listen"] = first.Mcp.GetLeftPart(UriPartial.Authority) });
        // The same client object, the same URL, another process.
        (await first.DoAsync("get_request", new { request_id = id })).Text("subject").ShouldBe("Before the kill");
    }

    [Fact]
    public async Task A_missing_broker_is_told_quickly_and_its_return_needs_no_restart()
    {
        var broker = await _stage.StartBrokerAsync(_settings);
        var shim = await _stage.StartShimAsync(broker);
        await shim.DoAsync("list_requests");
        broker.Process.Kill();
        await broker.Process.WaitForExitAsync(Patience);

        // The first call may still go out on the dying connection.
        await shim.CallAsync("whoami");
        var told = "";
        // A wait for the broker would be there each time; what a busy machine costs is not.
        var fastest = TimeSpan.MaxValue;
        for (var attempt = 0; attempt < 10 && fastest >= TimeSpan.FromSeconds(10); attempt++)
        {
            var started = Stopwatch.GetTimestamp();
            told = await shim.FailAsync("create_request", new { subject = "Nobody home" });
            fastest = TimeSpan.FromTicks(Math.Min(fastest.Ticks, Stopwatch.GetElapsedTime(started).Ticks));
        }

        fastest.ShouldBeLessThan(TimeSpan.FromSeconds(10));
        told.ShouldContain("broker", Case.Insensitive);
        told.ShouldContain("Nothing was changed");

        _settings["Broker__Listen"] = broker.Address;
        await _stage.StartBrokerAsync(_settings);
        (await shim.DoAsync("list_requests")).GetProperty("requests").GetArrayLength().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_broker_killed_during_a_write_leaves_the_model_with_the_truth()
    {
        var broker = await _stage.StartBrokerAsync(_settings);
        var shim = await _stage.StartShimAsync(broker);
        _stage.Simulator.Faults.Add(new Fault { Service = Service.Sdp, Method = "POST", Kind = FaultKind.Hang, After = true });
        var call = shim.FailAsync("create_request", new { subject = "Killed" });
        await UntilAsync(() => _stage.Changes().Count == 1);
        broker.Process.Kill();
        (await call).ShouldContain("not known whether");
    }

    [Fact]
    public async Task A_broker_asked_to_stop_finishes_the_calls_in_flight()
    {
        var broker = await _stage.StartBrokerAsync(_settings);
        _stage.Simulator.Faults.Add(new Fault { Service = Service.Sdp, Method = "POST", Kind = FaultKind.Delay, DelayMs = 4000 });
        var calls = Enumerable.Range(0, 10).Select(i => broker.CallAsync<Request>("CreateRequest", new CreateRequestRequest { Subject = $"In flight {i}" })).ToList();
        await UntilAsync(() => _stage.Simulator.Journal.Since().Count(entry => entry.Method == "POST" && entry.Service == Service.Sdp) == 10);
        broker.Process.Terminate();
        foreach (var request in await Task.WhenAll(calls)) request.Id.ShouldNotBeEmpty();
        (await broker.Process.WaitForExitAsync(Patience)).ShouldBe(0);
        _stage.Changes().Count.ShouldBe(10);
    }

    [Fact]
    public async Task A_shim_is_healthy_when_alive_and_ready_when_the_broker_is()
    {
        var broker = await _stage.StartBrokerAsync(_settings);
        var shim = await _stage.StartShimAsync(broker);
        var listen = new Dictionary<string, string> { ["Shim__Listen"] = shim.Mcp.GetLeftPart(UriPartial.Authority) };
        (await _stage.RunAsync(Stage.Programs.Shim, ["health"], listen)).ExitCode.ShouldBe(0);
        broker.Process.Kill();
        await broker.Process.WaitForExitAsync(Patience);
        (await _stage.RunAsync(Stage.Programs.Shim, ["health"], listen)).ExitCode.ShouldBe(1);
        (await _stage.RunAsync(Stage.Programs.Shim, ["health", "--live"], listen)).ExitCode.ShouldBe(0);
        (await _stage.RunAsync(Stage.Programs.Broker, ["health", "--live"], new() { ["Broker__Listen"] = broker.Address })).ExitCode.ShouldBe(1);
    }

    [Fact]
    public async Task A_client_that_gives_up_ends_its_read_and_is_not_waited_for()
    {
        var broker = await _stage.StartBrokerAsync(_settings);
        _stage.Simulator.Faults.Add(new Fault { Service = Service.Sdp, Method = "GET", Kind = FaultKind.Hang });
        var failure = await Should.ThrowAsync<Grpc.Core.RpcException>(() =>
            broker.CallAsync<RequestPage>("ListRequests", new ListRequestsRequest(), TimeSpan.FromSeconds(1)));
        // The broker tells it a moment before the client's time is over; on a machine that is busy the client may be first.
        failure.StatusCode.ShouldBeOneOf(Grpc.Core.StatusCode.Unavailable, Grpc.Core.StatusCode.DeadlineExceeded);
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        using var end = new CancellationTokenSource(Patience);
        while (!holds()) await Task.Delay(10, end.Token);
    }
}

using Grpc.Core;
using ModelContextProtocol.Protocol;
using Sidecar.Contract;
using Sidecar.Contract.Sdp;
using Sidecar.Simulator;
using Sidecar.Tests.Harness;

namespace Sidecar.Tests.EndToEnd;

/// <summary>How both programs end: calls in flight finish or clearly fail, and no write is lost or doubled.</summary>
public sealed class DrainTests : IAsyncLifetime
{
    private const string ChangedNothing = "Nothing was changed", NotKnown = "not known whether";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private Stage _stage = null!;
    private Dictionary<string, string> _settings = null!;

    public async ValueTask InitializeAsync()
    {
        _stage = await Stage.SetAsync();
        _settings = _stage.FileSettings(_stage.Simulator.AddUser());
    }

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Theory]
    [InlineData(false, "as a pod does it: the broker once the shim has ended")]
    [InlineData(true, "as docker does it: both at once")]
    public async Task Two_hundred_calls_finish_or_clearly_fail(bool atOnce, string how)
    {
        var broker = await _stage.StartBrokerAsync(_settings);
        var shim = await _stage.StartShimAsync(broker);
        await shim.ClientAsync();
        var known = _stage.Instance.Records("requests").Select(record => (string)record["id"]!).ToList();
        _stage.Simulator.Faults.Add(new Fault { Service = Service.Sdp, Kind = FaultKind.Delay, DelayMs = 300 });

        var since = _stage.Simulator.Journal.LastSeq;
        var writes = Enumerable.Range(0, 100).Select(i => ToldAsync(shim, "create_request", new { subject = $"Draining {i}" })).ToList();
        var reads = Enumerable.Range(0, 100).Select(i => ToldAsync(shim, "get_request", new { request_id = known[i % known.Count] })).ToList();
        await UntilAsync(() => _stage.Changes(since).Count > 0);

        shim.Process.Terminate();
        if (atOnce) broker.Process.Terminate();
        (await shim.Process.WaitForExitAsync(Patience)).ShouldBe(0, $"{how}\n{_stage.Output}");
        broker.Process.Terminate();
        (await broker.Process.WaitForExitAsync(Patience)).ShouldBe(0, $"{how}\n{_stage.Output}");

        var made = _stage.Instance.Records("requests").GroupBy(record => (string)record["subject"]!).ToDictionary(same => same.Key, same => same.Count());
        var told = await Task.WhenAll(writes);
        for (var i = 0; i < told.Length; i++)
        {
            var count = made.GetValueOrDefault($"Draining {i}");
            if (told[i] == "done") count.ShouldBe(1, how);
            else if (told[i].Contains(ChangedNothing)) count.ShouldBe(0, told[i]);
            else if (told[i].Contains(NotKnown)) count.ShouldBeInRange(0, 1);
            else throw new InvalidOperationException($"Nobody can tell from this what became of it: {told[i]}");
        }

        foreach (var read in await Task.WhenAll(reads)) (read == "done" || read.Contains(ChangedNothing)).ShouldBeTrue(read);
        told.ShouldContain("done", how);
    }

    [Fact]
    public async Task Whom_the_end_of_the_shim_cuts_off_is_told_how_things_stand()
    {
        var broker = await _stage.StartBrokerAsync(_settings);
        var shim = await _stage.StartShimAsync(broker, new() { ["Shim__DrainTimeout"] = "00:00:01" });
        var (read, write) = await HangAsync(shim);
        shim.Process.Terminate();
        (await read).ShouldContain(ChangedNothing);
        (await write).ShouldContain(NotKnown);
        (await shim.Process.WaitForExitAsync(Patience)).ShouldBe(0);
    }

    [Fact]
    public async Task Whom_the_end_of_the_broker_cuts_off_is_told_how_things_stand()
    {
        _settings["Broker__DrainTimeout"] = "00:00:01";
        var broker = await _stage.StartBrokerAsync(_settings);
        var shim = await _stage.StartShimAsync(broker);
        var (read, write) = await HangAsync(shim);
        broker.Process.Terminate();
        var (told, unknown) = (await read, await write);
        told.ShouldContain("the broker was stopped", Case.Insensitive);
        told.ShouldContain(ChangedNothing);
        unknown.ShouldContain("the broker was stopped", Case.Insensitive);
        unknown.ShouldContain(NotKnown);
        (await broker.Process.WaitForExitAsync(Patience)).ShouldBe(0);
        broker.Process.Output.ShouldContain("audit create_request (Write) record=- outcome=OUTCOME_UNKNOWN changed=Unknown");
    }

    [Fact]
    public async Task A_call_that_waits_for_the_same_one_before_it_is_not_told_that_nothing_was_changed()
    {
        _settings["Broker__DrainTimeout"] = "00:00:02";
        var broker = await _stage.StartBrokerAsync(_settings);
        _stage.Simulator.Faults.Add(new Fault { Service = Service.Sdp, Method = "POST", Kind = FaultKind.Hang });
        var since = _stage.Simulator.Journal.LastSeq;
        var first = broker.FailAsync("CreateRequest", new CreateRequestRequest { Subject = "Once" });
        await UntilAsync(() => Posts(since) == 1);
        var second = broker.FailAsync("CreateRequest", new CreateRequestRequest { Subject = "Once" });
        // Answered after the second call has come.
        await broker.CallAsync<Identity>("WhoAmI", new WhoAmIRequest());
        await broker.CallAsync<Identity>("WhoAmI", new WhoAmIRequest());
        broker.Process.Terminate();

        (await first).Info.Reason.ShouldBe("OUTCOME_UNKNOWN");
        (await second).Info.Reason.ShouldBe("OUTCOME_UNKNOWN");
        (await broker.Process.WaitForExitAsync(Patience)).ShouldBe(0);
        Posts(since).ShouldBe(1);
    }

    [Fact]
    public async Task A_broker_that_stops_takes_no_new_calls()
    {
        var broker = await _stage.StartBrokerAsync(_settings);
        _stage.Simulator.Faults.Add(new Fault { Service = Service.Sdp, Method = "POST", Kind = FaultKind.Delay, DelayMs = 4000 });
        var since = _stage.Simulator.Journal.LastSeq;
        var before = broker.CallAsync<Request>("CreateRequest", new CreateRequestRequest { Subject = "Before" });
        await UntilAsync(() => Posts(since) == 1);
        broker.Process.Terminate();
        await broker.Process.WaitForOutputAsync(line => line.Contains("shutting down") ? line : null, Patience, TestContext.Current.CancellationToken);

        (await broker.FailAsync("CreateRequest", new CreateRequestRequest { Subject = "After" })).Code.ShouldBe(StatusCode.Unavailable);
        (await before).Subject.ShouldBe("Before");
        (await broker.Process.WaitForExitAsync(Patience)).ShouldBe(0);
        Posts(since).ShouldBe(1);
    }

    [Fact]
    public async Task A_second_signal_ends_the_waiting()
    {
        _settings["Broker__DrainTimeout"] = "00:30:00";
        var broker = await _stage.StartBrokerAsync(_settings);
        var shim = await _stage.StartShimAsync(broker, new() { ["Shim__DrainTimeout"] = "00:30:00" });
        var (read, write) = await HangAsync(shim);
        foreach (var process in new[] { shim.Process, broker.Process })
        {
            process.Terminate();
            await process.WaitForOutputAsync(line => line.Contains("shutting down") ? line : null, Patience, TestContext.Current.CancellationToken);
            process.HasExited.ShouldBeFalse();
            process.Terminate();
            (await process.WaitForExitAsync(Patience)).ShouldBe(0);
        }

        (await read).ShouldContain(ChangedNothing);
        (await write).ShouldContain(NotKnown);
    }

    // A read and a write that have reached the instance and get no answer.
    private async Task<(Task<string> Read, Task<string> Write)> HangAsync(RunningShim shim)
    {
        await shim.ClientAsync();
        var id = (string)_stage.Instance.Records("requests")[0]["id"]!;
        _stage.Simulator.Faults.Add(new Fault { Service = Service.Sdp, Kind = FaultKind.Hang });
        var since = _stage.Simulator.Journal.LastSeq;
        var (read, write) = (shim.FailAsync("get_request", new { request_id = id }), shim.FailAsync("create_request", new { subject = "Hanging" }));
        await UntilAsync(() => Posts(since) == 1 && _stage.Simulator.Journal.Since(since).Any(entry => entry.Method == "GET"));
        return (read, write);
    }

    private int Posts(long since) => _stage.Simulator.Journal.Since(since).Count(entry => entry is { Method: "POST", Service: Service.Sdp });

    private static async Task<string> ToldAsync(RunningShim shim, string tool, object arguments)
    {
        try
        {
            var result = await shim.CallAsync(tool, arguments);
            return result.IsError == true ? string.Concat(result.Content.OfType<TextContentBlock>().Select(block => block.Text)) : "done";
        }
        catch (HttpRequestException refused) when (refused.HttpRequestError == HttpRequestError.ConnectionError)
        {
            return $"{ChangedNothing}, for there was no connection";
        }
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        using var end = new CancellationTokenSource(Patience);
        while (!holds()) await Task.Delay(10, end.Token);
    }
}

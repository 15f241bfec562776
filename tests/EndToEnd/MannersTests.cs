using Grpc.Core;
using Sidecar.Contract;
using Sidecar.Contract.Sdp;
using Sidecar.Simulator;
using Sidecar.Tests.Harness;

namespace Sidecar.Tests.EndToEnd;

/// <summary>How the broker treats an instance that has had enough, and answers that are too large.</summary>
public sealed class MannersTests : IAsyncLifetime
{
    private const int Huge = 50_000_000;

    private Stage _stage = null!;
    private RunningBroker _broker = null!;

    public async ValueTask InitializeAsync()
    {
        _stage = await Stage.SetAsync();
        _broker = await _stage.StartBrokerAsync(_stage.FileSettings(_stage.Simulator.AddUser()));
    }

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Theory]
    [InlineData(429, true)]
    [InlineData(429, false)]
    [InlineData(400, true)]
    [InlineData(400, false)]
    public async Task Nothing_is_sent_while_an_instance_has_locked_its_user_out(int status, bool hasRetryAfter)
    {
        _stage.Instance.Switches = new InstanceSwitches { RateLimit = 10, RateLimitStatus = status, RateLimitRetryAfter = hasRetryAfter };
        var id = (string)_stage.Instance.Records("requests")[0]["id"]!;
        for (var i = 0; i < 10; i++) await GetAsync(id);
        (await _broker.FailAsync("GetRequest", new GetRequestRequest { RequestId = id })).Code.ShouldBe(StatusCode.ResourceExhausted);

        var since = _stage.Simulator.Journal.LastSeq;
        foreach (var record in _stage.Instance.Records("requests").Take(5))
        {
            var (code, message, info) = await _broker.FailAsync("GetRequest", new GetRequestRequest { RequestId = (string)record["id"]! });
            (code, info.Reason, info.Metadata[FailureInfo.Changed]).ShouldBe((StatusCode.ResourceExhausted, "RATE_LIMITED", "nothing"), message);
            message.ShouldContain("did not send");
            int.Parse(info.Metadata[FailureInfo.RetryAfter], System.Globalization.CultureInfo.InvariantCulture).ShouldBeInRange(200, 300);
        }

        _stage.Simulator.Journal.Since(since).ShouldBeEmpty();
        var limit = (await _broker.WhoAmIAsync()).Limits.ShouldHaveSingleItem();
        (limit.Call, limit.CallsPerMinute).ShouldBe(("GET /requests/{id}", 8));
        limit.LockedUntilTime.ToDateTimeOffset().ShouldBeGreaterThan(TimeProvider.System.GetUtcNow().AddSeconds(200));
        // Other kinds of calls go on.
        await _broker.CallAsync<RequestPage>("ListRequests", new ListRequestsRequest());
    }

    [Fact]
    public async Task A_lock_that_meets_the_reading_back_of_a_change_does_not_hide_the_change()
    {
        var id = (string)_stage.Instance.Records("requests")[0]["id"]!;
        _stage.Simulator.Faults.Add(new Fault { Service = Service.Sdp, Method = "GET", Path = $"/requests/{id}$", Kind = FaultKind.Status, Status = 429, Skip = 1 });
        var since = _stage.Simulator.Journal.LastSeq;
        var (code, message, info) = await _broker.FailAsync("UpdateRequest", new UpdateRequestRequest { RequestId = id, Subject = "Made all the same" });
        (code, info.Metadata[FailureInfo.Changed]).ShouldBe((StatusCode.Unknown, "unknown"), message);
        message.ShouldContain("answered that the change was made");
        _stage.Changes(since).ShouldHaveSingleItem();
        ((string)_stage.Instance.Records("requests")[0]["subject"]!).ShouldBe("Made all the same");
    }

    [Fact]
    public async Task Identical_reads_of_several_callers_are_one_call()
    {
        var id = (string)_stage.Instance.Records("requests")[3]["id"]!;
        _stage.Simulator.Faults.Add(new Fault { Service = Service.Sdp, Kind = FaultKind.Delay, DelayMs = 4000, Path = $"/requests/{id}$" });
        var since = _stage.Simulator.Journal.LastSeq;
        var first = GetAsync(id);
        while (_stage.Simulator.Journal.LastSeq == since) await Task.Delay(10, TestContext.Current.CancellationToken);
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => GetAsync(id)).Append(first));
        // Those that came too late for the first have shared a second.
        _stage.Simulator.Journal.Since(since).Count.ShouldBeLessThanOrEqualTo(2);
    }

    [Fact]
    public async Task Names_of_the_instance_are_read_once_in_minutes()
    {
        await _broker.CallAsync<Contract.Sdp.Metadata>("GetMetadata", new GetMetadataRequest { Lists = { "priorities" } });
        var since = _stage.Simulator.Journal.LastSeq;
        (await _broker.CallAsync<Contract.Sdp.Metadata>("GetMetadata", new GetMetadataRequest { Lists = { "priorities" } })).Priorities.ShouldNotBeEmpty();
        _stage.Simulator.Journal.Since(since).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_answer_of_fifty_megabytes_does_not_become_fifty_megabytes_of_memory()
    {
        await _broker.CallAsync<RequestPage>("ListRequests", new ListRequestsRequest());
        var before = _broker.Process.ResidentMemory;
        var peak = before;
        string[][] shapes = [[], ["Content-Length", $"{Huge}"], ["Content-Encoding", "gzip"], [], ["Content-Encoding", "gzip"]];
        foreach (var shape in shapes)
        {
            var headers = shape is [var name, var value] ? new Dictionary<string, string> { [name] = value } : [];
            _stage.Simulator.Faults.Add(new Fault { Service = Service.Sdp, Kind = FaultKind.Huge, Size = Huge, Times = 1, Headers = headers });
            var failing = _broker.FailAsync("ListRequests", new ListRequestsRequest());
            while (!failing.IsCompleted)
            {
                peak = Math.Max(peak, _broker.Process.ResidentMemory);
                await Task.WhenAny(failing, Task.Delay(5, TestContext.Current.CancellationToken));
            }

            var (code, message, info) = await failing;
            (code, info.Reason).ShouldBe((StatusCode.FailedPrecondition, "TOO_LARGE"), message);
            info.Metadata[FailureInfo.Next].ShouldContain("fewer rows");
        }

        var rise = (peak - before) / 1_000_000;
        TestContext.Current.TestOutputHelper?.WriteLine($"{before / 1_000_000} MB before, {rise} MB more at the peak");
        rise.ShouldBeLessThan(40);
        await _broker.CallAsync<RequestPage>("ListRequests", new ListRequestsRequest());
    }

    [Fact]
    public async Task A_change_whose_answer_is_too_large_is_settled_by_reading_the_record()
    {
        var id = (string)_stage.Instance.Records("requests")[0]["id"]!;
        _stage.Simulator.Faults.Add(new Fault { Service = Service.Sdp, Method = "PUT", Kind = FaultKind.Huge, Times = 1 });
        (await _broker.FailAsync("UpdateRequest", new UpdateRequestRequest { RequestId = id, Subject = "Too much" })).Code.ShouldBe(StatusCode.Unknown);
    }

    [Fact]
    public async Task A_huge_reply_of_the_accounts_server_or_of_the_vault_is_no_reply()
    {
        foreach (var (service, said) in new[] { (Service.Accounts, "accounts server"), (Service.Vault, "Key Vault") })
        {
            _stage.Simulator.Faults.Add(new Fault { Service = service, Kind = FaultKind.Huge, Size = Huge });
            var settings = _stage.VaultSettings(_stage.Simulator.AddUser(), $"sdp-{service}".ToLowerInvariant());
            var broker = await _stage.StartBrokerAsync(settings, ready: false);
            Identity identity;
            while (!(identity = await broker.WhoAmIAsync()).Problem.Contains(said, StringComparison.Ordinal))
                await Task.Delay(50, TestContext.Current.CancellationToken);
            identity.Ready.ShouldBeFalse();
            _stage.Simulator.Faults.Clear();
        }
    }

    private Task<Request> GetAsync(string id) => _broker.CallAsync<Request>("GetRequest", new GetRequestRequest { RequestId = id });
}

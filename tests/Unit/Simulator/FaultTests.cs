using System.Net;
using Shouldly;
using Sidecar.Simulator;
using Xunit;

namespace Sidecar.Tests.Unit.Simulator;

public sealed class FaultTests : IClassFixture<SimulatorFixture>
{
    private const string Body = """{"request":{"subject":"Sent into a fault"}}""";

    private readonly SimulatorFixture _sim;

    public FaultTests(SimulatorFixture sim)
    {
        _sim = sim;
        _sim.Host.Faults.Clear();
    }

    private int Tickets => _sim.Desk.Records("requests").Count;

    private static Fault Sdp(FaultKind kind) => new() { Service = Service.Sdp, Kind = kind, Times = 1, Path = "/requests$" };

    [Theory]
    [InlineData(FaultKind.Reset)]
    [InlineData(FaultKind.ResetAfterHeaders)]
    [InlineData(FaultKind.Truncate)]
    public async Task A_connection_cut_after_the_effect_leaves_the_ticket_there(FaultKind kind)
    {
        await _sim.AccessToken();
        var before = Tickets;
        _sim.Host.Faults.Add(Sdp(kind) with { After = true });
        await Should.ThrowAsync<HttpRequestException>(() => _sim.Post("/requests", Body));
        Tickets.ShouldBe(before + 1);
        var entry = _sim.Host.Journal.Since()[^1];
        entry.Changed.ShouldNotBeNull();
        entry.Fault.ShouldBe(kind.ToString());
    }

    [Fact]
    public async Task A_connection_cut_before_the_effect_leaves_nothing()
    {
        await _sim.AccessToken();
        var before = Tickets;
        _sim.Host.Faults.Add(Sdp(FaultKind.Reset));
        await Should.ThrowAsync<HttpRequestException>(() => _sim.Post("/requests", Body));
        Tickets.ShouldBe(before);
        _sim.Host.Journal.Since()[^1].Status.ShouldBeNull();
    }

    [Fact]
    public async Task A_refused_connection_never_becomes_a_request()
    {
        await _sim.AccessToken();
        var seq = _sim.Host.Journal.LastSeq;
        _sim.Host.Faults.Add(new Fault { Service = Service.Sdp, Kind = FaultKind.Refuse });
        await Should.ThrowAsync<HttpRequestException>(() => _sim.Post("/requests", Body));
        _sim.Host.Journal.Since(seq).ShouldBeEmpty();
        _sim.Host.Faults.Clear();
        (await _sim.Get("/requests")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_late_write_takes_effect_when_the_faults_are_removed()
    {
        await _sim.AccessToken();
        var before = Tickets;
        _sim.Host.Faults.Add(Sdp(FaultKind.Late));
        await Should.ThrowAsync<HttpRequestException>(() => _sim.Post("/requests", Body));
        Tickets.ShouldBe(before);
        _sim.Host.Faults.Clear();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        end.CancelAfter(TimeSpan.FromSeconds(60));
        while (Tickets == before) await Task.Delay(10, end.Token);
    }

    [Fact]
    public async Task A_certificate_that_has_run_out_is_met_by_every_connection()
    {
        await _sim.AccessToken();
        var seq = _sim.Host.Journal.LastSeq;
        _sim.Host.Faults.Add(new Fault { Service = Service.Sdp, Kind = FaultKind.ExpiredCertificate });
        var failure = await Should.ThrowAsync<HttpRequestException>(() => _sim.Post("/requests", Body));
        failure.HttpRequestError.ShouldBe(HttpRequestError.SecureConnectionError);
        _sim.Host.Journal.Since(seq).ShouldBeEmpty();
        _sim.Host.Faults.Clear();
        (await _sim.Get("/requests")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_answer_can_be_whole_and_odd()
    {
        _sim.Host.Faults.Add(Sdp(FaultKind.Mislabelled) with { ContentType = "text/plain" });
        var mislabelled = await _sim.Get("/requests");
        (mislabelled.MediaType, mislabelled.Json.ContainsKey("requests")).ShouldBe(("text/plain", true));
        _sim.Host.Faults.Add(Sdp(FaultKind.ResetAfterBody) with { DelayMs = 300 });
        (await _sim.Get("/requests")).Json.ContainsKey("requests").ShouldBeTrue();
        _sim.Host.Faults.Add(Sdp(FaultKind.Huge) with { Size = 3_000_000 });
        var huge = await _sim.Get("/requests");
        huge.Body.Length.ShouldBe(3_000_000);
        huge.Json.ContainsKey("requests").ShouldBeTrue();
    }

    [Fact]
    public async Task A_fault_strikes_as_often_as_it_was_told()
    {
        _sim.Host.Faults.Add(new Fault
        {
            Service = Service.Sdp, Kind = FaultKind.Status, Status = 503, Times = 2, Skip = 1, Headers = new Dictionary<string, string> { ["Retry-After"] = "7" },
        });
        var statuses = new List<int>();
        for (var i = 0; i < 4; i++)
            statuses.Add((int)(await _sim.Get("/requests")).Status);
        statuses.ShouldBe([200, 503, 503, 200]);
    }

    [Fact]
    public async Task Success_can_be_a_lie()
    {
        _sim.Host.Faults.Add(Sdp(FaultKind.Body) with { Body = """{"response_status":{"status_code":4000,"status":"failed"}}""" });
        var lie = await _sim.Get("/requests");
        lie.Status.ShouldBe(HttpStatusCode.OK);
        lie.Code.ShouldBe(4000);
        _sim.Host.Faults.Add(Sdp(FaultKind.Html));
        (await _sim.Get("/requests")).MediaType.ShouldBe("text/html");
    }

    [Fact]
    public async Task A_service_that_hangs_says_nothing()
    {
        await _sim.AccessToken();
        _sim.Host.Faults.Add(Sdp(FaultKind.Hang));
        var call = _sim.Get("/requests");
        (await Task.WhenAny(call, Task.Delay(300, TestContext.Current.CancellationToken))).ShouldNotBe(call);
        _sim.Http.CancelPendingRequests();
        await Should.ThrowAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task A_dripping_answer_is_whole_in_the_end()
    {
        _sim.Host.Faults.Add(Sdp(FaultKind.Drip) with { DelayMs = 5 });
        (await _sim.Get("/requests")).Json["requests"]!.AsArray().Count.ShouldBe(10);
    }
}

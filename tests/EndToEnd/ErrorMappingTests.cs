using Grpc.Core;
using Sidecar.Contract;
using Sidecar.Contract.Sdp;
using Sidecar.Simulator;
using Sidecar.Tests.Harness;

namespace Sidecar.Tests.EndToEnd;

/// <summary>Each status code of the instance becomes the gRPC status that the design gives it.</summary>
public sealed class ErrorMappingTests(PairFixture pair) : IClassFixture<PairFixture>
{
    // Five minutes without it: the next test would be refused by the broker itself.
    private static readonly Dictionary<string, string> ShortLock = new() { ["Retry-After"] = "1" };

    [Theory]
    [InlineData(400, 4001, StatusCode.InvalidArgument)]
    [InlineData(400, 4009, StatusCode.InvalidArgument)]
    [InlineData(400, 4012, StatusCode.InvalidArgument)]
    [InlineData(400, 4014, StatusCode.InvalidArgument)]
    [InlineData(400, 4016, StatusCode.InvalidArgument)]
    [InlineData(400, 4021, StatusCode.InvalidArgument)]
    [InlineData(403, 4002, StatusCode.PermissionDenied)]
    [InlineData(403, 0, StatusCode.PermissionDenied)]
    [InlineData(404, 4007, StatusCode.NotFound)]
    [InlineData(404, 0, StatusCode.NotFound)]
    [InlineData(400, 4008, StatusCode.AlreadyExists)]
    [InlineData(400, 4005, StatusCode.FailedPrecondition)]
    [InlineData(400, 7001, StatusCode.FailedPrecondition)]
    [InlineData(429, 4015, StatusCode.ResourceExhausted)]
    [InlineData(400, 4015, StatusCode.ResourceExhausted)]
    [InlineData(429, 0, StatusCode.ResourceExhausted)]
    [InlineData(500, 4004, StatusCode.Unavailable)]
    [InlineData(502, 0, StatusCode.Unavailable)]
    [InlineData(302, 0, StatusCode.FailedPrecondition)]
    public async Task A_status_code_becomes_its_gRPC_status(int http, int sdp, StatusCode expected)
    {
        pair.Calm();
        pair.Stage.Simulator.Faults.Add(new Fault { Service = Service.Sdp, Method = "POST", Kind = FaultKind.Status, Status = http, Body = Bodies.Error(sdp), Headers = ShortLock });
        // One that learns a limit would keep to it in the tests after this.
        var broker = expected == StatusCode.ResourceExhausted ? await pair.Stage.StartBrokerAsync(pair.Stage.FileSettings(pair.User)) : pair.Broker;
        var (code, message, info) = await broker.FailAsync("CreateRequest", new CreateRequestRequest { Subject = $"Mapping {http} {sdp}" });
        pair.Calm();
        code.ShouldBe(expected, message);
        info.Domain.ShouldBe(FailureInfo.Domain);
        if (sdp != 0) info.Metadata[FailureInfo.SdpCode].ShouldBe($"{sdp}");
        if (expected == StatusCode.InvalidArgument) info.Metadata[FailureInfo.Fields].ShouldBe("priority");
        if (expected == StatusCode.ResourceExhausted) int.Parse(info.Metadata[FailureInfo.RetryAfter], System.Globalization.CultureInfo.InvariantCulture).ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Missing_mandatory_fields_are_named_all_at_once_by_the_names_the_tool_has()
    {
        pair.Calm();
        var template = pair.Stage.Instance.Records("request_templates").Select(record => (string)record["name"]!).ToList();
        var told = new List<string>();
        foreach (var name in template)
        {
            var result = await pair.Shim.CallAsync("create_request", new { subject = "Mandatory", template = name });
            if (result.IsError == true) told.Add(string.Concat(result.Content.OfType<ModelContextProtocol.Protocol.TextContentBlock>().Select(block => block.Text)));
        }

        told.ShouldNotBeEmpty();
        told.ShouldAllBe(text => text.Contains("Missing: ") && text.Contains("Nothing was changed"));
    }

    [Fact]
    public async Task An_unknown_name_is_told_with_the_names_the_instance_has()
    {
        pair.Calm();
        var known = (string)pair.Stage.Instance.Records("priorities")[0]["name"]!;
        (await pair.Shim.FailAsync("create_request", new { subject = "Unknown", priority = "Sky-high" })).ShouldContain(known);
    }

    [Fact]
    public async Task Arguments_that_do_not_fit_are_refused_before_anything_is_sent()
    {
        var since = pair.Stage.Simulator.Journal.LastSeq;
        var (code, message, info) = await pair.Broker.FailAsync("CreateRequest", new CreateRequestRequest { Subject = new string('x', 251), Description = new string('y', 60_001) });
        code.ShouldBe(StatusCode.InvalidArgument);
        message.ShouldContain("subject");
        info.Metadata[FailureInfo.Fields].ShouldBe("subject,description");
        (await pair.Broker.FailAsync("CreateRequest", new CreateRequestRequest())).Message.ShouldContain("subject: is required");
        pair.Stage.Simulator.Journal.Since(since).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("1/../../users")]
    [InlineData("..")]
    [InlineData("123456789012345678?input_data={}")]
    [InlineData("12 34")]
    [InlineData("%2e%2e")]
    public async Task An_id_cannot_become_a_path(string id)
    {
        var since = pair.Stage.Simulator.Journal.LastSeq;
        (await pair.Broker.FailAsync("GetRequest", new GetRequestRequest { RequestId = id })).Code.ShouldBe(StatusCode.InvalidArgument);
        pair.Stage.Simulator.Journal.Since(since).ShouldBeEmpty();
    }

    [Fact]
    public async Task Steps_of_operations_are_served_to_nobody()
    {
        foreach (var step in Catalog.Current.Operations.Where(operation => operation is { Tool: null, Call: not null }))
            (await pair.Broker.FailAsync(step.Name, step.NewRequest())).Code.ShouldBe(StatusCode.Unimplemented, step.Name);
    }
}

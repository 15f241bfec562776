using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using ModelContextProtocol.Protocol;
using Shouldly;
using Sidecar.Contract;
using Sidecar.Shim.Broker;
using Sidecar.Shim.Results;
using Xunit;
using Status = Grpc.Core.Status;

namespace Sidecar.Tests.Unit.Shim;

public class FailureTranslatorTests
{
    private const string Read = "GetRequest", Write = "UpdateRequest";

    public static TheoryData<StatusCode> Codes => [.. System.Enum.GetValues<StatusCode>().Where(code => code != StatusCode.OK)];

    [Theory, MemberData(nameof(Codes))]
    public void Whatever_the_status_a_failed_read_changed_nothing_and_says_what_to_do(StatusCode code)
    {
        var lines = Say(Read, new RpcException(new Status(code, "It broke."))).Split('\n');
        lines[0].ShouldBe(code switch
        {
            StatusCode.DeadlineExceeded => "get_request failed: there was no answer in time.",
            StatusCode.Cancelled => "get_request failed: the call was broken off.",
            _ => "get_request failed: It broke.",
        });
        lines[1].ShouldBe(Changed.Nothing);
        lines[2].ShouldNotBeNullOrWhiteSpace();
    }

    [Theory, MemberData(nameof(Codes))]
    public void Whatever_the_status_a_write_that_failed_without_a_word_may_have_happened(StatusCode code)
    {
        var text = Say(Write, new RpcException(new Status(code, "")));
        text.ShouldContain("It is not known whether the change was made. Do not repeat it before checking.");
        text.ShouldContain("repeat the call only if it is not");
    }

    [Fact]
    public void A_write_that_never_reached_the_broker_changed_nothing()
    {
        var cause = new HttpRequestException("wrapped", new BrokerNotThereException(new IOException("refused")));
        var text = Say(Write, new RpcException(new Status(StatusCode.Unavailable, "Error starting gRPC call. SocketException", cause)));
        text.ShouldContain(Changed.Nothing);
        text.ShouldContain("broker");
        text.ShouldNotContain("Socket");
    }

    [Fact]
    public void A_connection_that_broke_says_nothing_about_sockets_and_does_not_claim_that_nothing_happened()
    {
        var text = Say(Write, new RpcException(new Status(StatusCode.Unavailable, "SocketException (104)", new IOException("reset"))));
        text.ShouldContain("the connection to the broker broke");
        text.ShouldContain(Changed.Unknown);
        text.ShouldNotContain("Socket");
    }

    [Theory]
    [InlineData("nothing", Changed.Nothing)]
    [InlineData("partly", Changed.Partly)]
    [InlineData("unknown", Changed.Unknown)]
    public void The_broker_knows_whether_anything_was_changed(string changed, string sentence) =>
        Say(Write, Told(StatusCode.FailedPrecondition, (FailureInfo.Changed, changed))).ShouldContain(sentence);

    [Fact]
    public void An_indeterminate_write_is_unknown_whatever_else_is_said() =>
        Say(Write, Told(StatusCode.Unknown, (FailureInfo.Indeterminate, "true"), (FailureInfo.Changed, "nothing"))).ShouldContain(Changed.Unknown);

    [Fact]
    public void Next_steps_codes_and_waiting_times_of_the_broker_are_passed_on()
    {
        var text = Say(Read, Told(
            StatusCode.ResourceExhausted,
            (FailureInfo.SdpCode, "4015"), (FailureInfo.RetryAfter, "30"), (FailureInfo.Next, "Ask for one page."), (FailureInfo.Fields, "page_size")));
        text.ShouldBe("""
            get_request failed: It broke. (ServiceDesk Plus status 4015)
            Arguments concerned: page_size.
            Nothing was changed.
            Wait 30 seconds before another try.
            Ask for one page.
            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Every_bad_argument_is_named()
    {
        var bad = new BadRequest
        {
            FieldViolations =
            {
                new BadRequest.Types.FieldViolation { Field = "priority", Description = "\"Hgh\" is not known here." },
                new BadRequest.Types.FieldViolation { Field = "group", Description = "is mandatory." },
            },
        };
        var text = Say(Write, new Google.Rpc.Status { Code = (int)StatusCode.InvalidArgument, Message = "Two arguments do not hold.", Details = { Any.Pack(bad) } }.ToRpcException());
        text.ShouldContain("- priority: \"Hgh\" is not known here.\n- group: is mandatory.");
    }

    [Fact]
    public void Long_waits_are_told_in_minutes()
    {
        var status = new Google.Rpc.Status { Code = (int)StatusCode.ResourceExhausted, Message = "Too many.", Details = { Any.Pack(new RetryInfo { RetryDelay = new Duration { Seconds = 600 } }) } };
        Say(Read, status.ToRpcException()).ShouldContain("Wait 10 minutes before another try.");
    }

    [Fact]
    public void Details_of_another_domain_are_not_taken_for_the_brokers()
    {
        var foreign = new ErrorInfo { Domain = "proxy.example", Metadata = { [FailureInfo.Changed] = "nothing" } };
        var status = new Google.Rpc.Status { Code = (int)StatusCode.Unavailable, Message = "It broke.", Details = { Any.Pack(foreign) } };
        Say(Write, status.ToRpcException()).ShouldContain(Changed.Unknown);
    }

    private static RpcException Told(StatusCode code, params (string Key, string Value)[] metadata)
    {
        var info = new ErrorInfo { Domain = FailureInfo.Domain, Reason = "TEST" };
        foreach (var (key, value) in metadata) info.Metadata[key] = value;
        return new Google.Rpc.Status { Code = (int)code, Message = "It broke.", Details = { Any.Pack(info) } }.ToRpcException();
    }

    private static string Say(string rpc, RpcException failure)
    {
        var result = FailureTranslator.Translate(Catalog.Current[rpc], failure);
        result.IsError.ShouldBe(true);
        return result.Content.ShouldHaveSingleItem().ShouldBeOfType<TextContentBlock>().Text;
    }
}

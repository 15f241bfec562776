using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Shouldly;
using Sidecar.Broker.Credentials;
using Sidecar.Broker.Operations;
using Sidecar.Broker.Operations.Requests;
using Sidecar.Broker.Sdp;
using Sidecar.Broker.Tokens;
using Sidecar.Broker.Transcoding;
using Sidecar.Contract;
using Sidecar.Contract.Sdp;
using Xunit;
using Request = Sidecar.Contract.Sdp.Request;

namespace Sidecar.Tests.Unit.Broker;

public class OperationTests
{
    private static readonly Operation Read = Catalog.Current["GetRequest"], Write = Catalog.Current["UpdateRequest"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string, string[]> Invalid => new()
    {
        { """{"@type":"GetRequestRequest"}""", ["request_id: is required"] },
        { """{"@type":"GetRequestRequest","request_id":" "}""", ["request_id: is neither a number"] },
        { """{"@type":"GetRequestRequest","request_id":"../1"}""", ["request_id: is neither"] },
        { """{"@type":"GetRequestRequest","request_id":"123456789012345678901"}""", ["request_id: is neither"] },
        { """{"@type":"CreateRequestRequest","subject":"  "}""", ["subject: is empty"] },
        { """{"@type":"ListRequestsRequest","page":-1,"page_size":101}""", ["page: must be from 1 to 100000", "page_size: must be from 1 to 100"] },
        { """{"@type":"ListRequestsRequest","queue":99,"order_by":-1}""", ["queue: is none of the choices", "order_by: is none"] },
        { """{"@type":"ReplyToRequesterRequest","request_id":"1","message":"x","cc":["a@b\n"]}""", ["cc: does not have the form"] },
        { """{"@type":"ReplyToRequesterRequest","request_id":"1","message":"x","cc":["a@b","a b@c"]}""", ["cc: does not have the form"] },
        { """{"@type":"UpdateRequestRequest","request_id":"1","clear_fields":["nope","request_id","clear_fields"]}""", ["names \"nope\"", "names \"request_id\"", "names \"clear_fields\""] },
        { """{"@type":"UpdateRequestRequest","request_id":"1","status":"Open","clear_fields":["status"]}""", ["which is also given a value"] },
        { """{"@type":"CreateRequestRequest","subject":"x","custom_fields":{"a":{"b":["NaN!"]}}}""", [] },
    };

    [Theory]
    [MemberData(nameof(Invalid))]
    public void Everything_that_does_not_fit_the_contract_is_named_at_once(string json, string[] problems)
    {
        var type = Catalog.Current.Operations.Select(operation => operation.Descriptor.InputType).First(type => json.Contains($"\"{type.Name}\"", StringComparison.Ordinal));
        var request = new JsonParser(JsonParser.Settings.Default.WithIgnoreUnknownFields(true)).Parse(json, type);
        if (problems.Length == 0)
        {
            Should.NotThrow(() => Validator.Check(request));
            return;
        }

        var failure = Should.Throw<FailureException>(() => Validator.Check(request)).Failure;
        (failure.Code, failure.Reason, failure.Changed).ShouldBe((StatusCode.InvalidArgument, "INVALID_ARGUMENT", Changed.Nothing));
        foreach (var problem in problems) failure.Message.ShouldContain(problem);
    }

    [Fact]
    public void Lengths_are_counted_in_characters()
    {
        Should.NotThrow(() => Validator.Check(new CreateRequestRequest { Subject = string.Concat(Enumerable.Repeat("😀", 250)) }));
        Should.Throw<FailureException>(() => Validator.Check(new CreateRequestRequest { Subject = string.Concat(Enumerable.Repeat("😀", 251)) })).Message.ShouldContain("251 characters");
    }

    [Fact]
    public void A_number_that_json_cannot_spell_is_refused() => Should.Throw<FailureException>(() => Validator.Check(new CreateRequestRequest
    {
        Subject = "x", CustomFields = new Struct { Fields = { ["a"] = Value.ForList(Value.ForNumber(double.NaN)) } },
    })).Message.ShouldContain("custom_fields");

    [Theory]
    [InlineData(@"^a$", "a\n", false)]
    [InlineData(@"^a$", "a", true)]
    [InlineData(@"^a\$", "a$b", true)]
    [InlineData(@"^a\\$", "a\\\n", false)]
    [InlineData(@"^[$]$", "$", true)]
    [InlineData(@"^(a$|b$)", "b\n", false)]
    public void A_pattern_means_what_json_schema_means(string pattern, string text, bool matches) =>
        new Sidecar.Contract.Field { Pattern = pattern }.PatternRegex()!.IsMatch(text).ShouldBe(matches);

    [Fact]
    public void Defaults_fill_what_is_absent_and_nothing_else()
    {
        var request = new ListRequestsRequest { PageSize = 5 };
        Defaults.Apply(request);
        request.ShouldBe(new ListRequestsRequest { Queue = Queue.Open, OrderBy = RequestOrder.CreatedTime, Page = 1, PageSize = 5 });
    }

    [Theory]
    [InlineData("33903", "33903", false)]
    [InlineData(" #33903 ", "33903", false)]
    [InlineData("# 33903", "33903", false)]
    [InlineData("123456789012345", "123456789012345", true)]
    [InlineData("#123456789012345", "123456789012345", false)]
    [InlineData("12345678901234", "12345678901234", false)]
    public void A_request_is_named_by_its_number_or_its_long_id(string text, string digits, bool isLongId)
    {
        RequestNumber.TryParse(text, out var found, out var isLong).ShouldBeTrue();
        (found, isLong).ShouldBe((digits, isLongId));
    }

    [Theory]
    [InlineData("")]
    [InlineData("#")]
    [InlineData("##1")]
    [InlineData("-1")]
    [InlineData("1.0")]
    [InlineData("1 2")]
    [InlineData("１２")]
    [InlineData("123456789012345678901")]
    public void Anything_else_names_no_request(string text) => RequestNumber.TryParse(text, out _, out _).ShouldBeFalse();

    [Theory]
    [InlineData("{\"status\":\"Closed\"}", "{\"status\":\"Open\"}", "status is still \"Open\"")]
    [InlineData("{\"status\":\"closed \"}", "{\"status\":\"Closed\"}", "")]
    [InlineData("{\"status\":\"Closed\"}", "{}", "status is empty")]
    [InlineData("{\"technician\":\"ANNA@example.com\"}", "{\"technician\":{\"name\":\"Anna\",\"email\":\"anna@example.com\"}}", "")]
    [InlineData("{\"technician\":\"123\"}", "{\"technician\":{\"id\":\"123\"}}", "")]
    [InlineData("{\"technician\":\"Bob\"}", "{\"technician\":{\"name\":\"Anna\"}}", "technician is still \"Anna\"")]
    [InlineData("{\"technician\":\"Bob\"}", "{\"technician\":{}}", "technician is still \"\"")]
    [InlineData("{\"due_by_time\":\"2026-07-01T09:00:30Z\"}", "{\"due_by_time\":\"2026-07-01T09:00:00Z\"}", "")]
    [InlineData("{\"due_by_time\":\"2026-07-01T09:00:00Z\"}", "{\"due_by_time\":\"2026-07-01T10:00:00Z\"}", "due_by_time is still 2026-07-01 10:00:00Z")]
    [InlineData("{\"description\":\"new\"}", "{\"description\":\"old\"}", "description is unchanged")]
    [InlineData("{\"description\":\"new\"}", "{}", "description is empty")]
    [InlineData("{\"clear_fields\":[\"technician\",\"status\"]}", "{\"status\":\"Open\"}", "status is not empty")]
    [InlineData("{\"custom_fields\":{\"a\":null,\"b\":\"\"}}", "{}", "")]
    [InlineData("{\"custom_fields\":{\"a\":null}}", "{\"custom_fields\":{\"a\":\"x\"}}", "custom_fields.a is not empty")]
    [InlineData("{\"custom_fields\":{\"a\":\"x\",\"b\":false}}", "{}", "custom_fields.a is empty")]
    [InlineData("{\"custom_fields\":{\"a\":\"x\"}}", "{\"custom_fields\":{\"a\":\"other spelling\"}}", "custom_fields.a is unchanged")]
    public void A_change_is_compared_with_a_record_that_is_as_it_was(string asked, string record, string differences) =>
        Told(asked, record, record, isProof: false).ShouldBe(differences);

    [Theory]
    [InlineData("{\"status\":\"Closed\"}", "{\"status\":\"Open\"}", "{\"status\":\"Pending approval\"}", "status is \"Pending approval\"", "Partly")]
    [InlineData("{\"status\":\"Closed\",\"subject\":\"b\"}", "{\"status\":\"Open\",\"subject\":\"a\"}", "{\"status\":\"Open\",\"subject\":\"b\"}", "status is still \"Open\"", "Partly")]
    [InlineData("{\"status\":\"Closed\"}", "{\"status\":\"Open\"}", "{\"status\":\"Open\"}", "status is still \"Open\"", "Nothing")]
    [InlineData("{\"description\":\"a <b>\"}", "{\"description\":\"old\"}", "{\"description\":\"a cleaned\"}", "", "Partly")]
    [InlineData("{\"custom_fields\":{\"a\":\"x\"}}", "{\"custom_fields\":{\"a\":\"old\"}}", "{\"custom_fields\":{\"a\":\"other spelling\"}}", "", "Partly")]
    [InlineData("{\"custom_fields\":{\"udf_date1\":\"2026-07-01\"}}", "{\"custom_fields\":{\"udf_date1\":\"2026-07-01T00:00:00Z\"}}", "{\"custom_fields\":{\"udf_date1\":\"2026-07-01T00:00:00Z\"}}", "", "Nothing")]
    public void What_was_there_before_tells_how_much_was_done(string asked, string before, string now, string differences, string extent)
    {
        Told(asked, before, now, isProof: false).ShouldBe(differences);
        Compare(asked, before, now).Extent.ToString().ShouldBe(extent);
    }

    [Theory]
    [InlineData("{\"description\":\"new  text\"}", "{\"description\":\"new\\ntext\"}", true)]
    [InlineData("{\"description\":\"new\"}", "{\"description\":\"old\"}", false)]
    [InlineData("{\"custom_fields\":{\"a\":\"x\"}}", "{\"custom_fields\":{\"a\":\"y\"}}", false)]
    [InlineData("{\"custom_fields\":{\"a\":\"x\"}}", "{\"custom_fields\":{\"a\":\"x\"}}", true)]
    public void Without_an_answer_the_record_alone_has_to_prove_the_change(string asked, string record, bool isProven) =>
        (Told(asked, record, record, isProof: true).Length == 0).ShouldBe(isProven);

    private static Verification Compare(string asked, string before, string now) =>
        new(UpdateRequestRequest.Parser.ParseJson(asked), Request.Parser.ParseJson(before), Request.Parser.ParseJson(now));

    private static string Told(string asked, string before, string now, bool isProof) =>
        string.Join("; ", Compare(asked, before, now).Differences(isProof).Select(difference => $"{difference.Field} {difference.Problem}"));

    [Theory]
    [InlineData("NotSent", StatusCode.Unavailable, "NOT_SENT", "Nothing", StatusCode.Unavailable, "NOT_SENT", "Nothing")]
    [InlineData("NoAnswer", StatusCode.Unavailable, "NO_ANSWER", "Nothing", StatusCode.Unknown, "OUTCOME_UNKNOWN", "Unknown")]
    [InlineData("ServerError", StatusCode.Unavailable, "SERVER_ERROR", "Nothing", StatusCode.Unavailable, "SERVER_ERROR", "Unknown")]
    [InlineData("NotTheApi", StatusCode.FailedPrecondition, "NOT_THE_API", "Nothing", StatusCode.FailedPrecondition, "NOT_THE_API", "Unknown")]
    [InlineData("Unreadable", StatusCode.FailedPrecondition, "NOT_THE_API", "Nothing", StatusCode.Unknown, "OUTCOME_UNKNOWN", "Unknown")]
    [InlineData("Unauthorized", StatusCode.Unauthenticated, "TOKEN_REJECTED", "Nothing", StatusCode.Unauthenticated, "TOKEN_REJECTED", "Nothing")]
    [InlineData("ScopeMissing", StatusCode.PermissionDenied, "FORBIDDEN", "Nothing", StatusCode.PermissionDenied, "FORBIDDEN", "Nothing")]
    [InlineData("Busy", StatusCode.ResourceExhausted, "BUSY", "Nothing", StatusCode.ResourceExhausted, "BUSY", "Nothing")]
    [InlineData("Throttled", StatusCode.ResourceExhausted, "RATE_LIMITED", "Nothing", StatusCode.ResourceExhausted, "RATE_LIMITED", "Nothing")]
    [InlineData("Warning", StatusCode.FailedPrecondition, "NOT_APPLIED", "Nothing", StatusCode.FailedPrecondition, "NOT_APPLIED", "Unknown")]
    [InlineData("Refused", StatusCode.InvalidArgument, "REFUSED", "Nothing", StatusCode.InvalidArgument, "REFUSED", "Nothing")]
    public void Each_failure_is_told_for_a_read_and_for_a_write(
        string kind, StatusCode readCode, string readReason, string readChanged, StatusCode writeCode, string writeReason, string writeChanged)
    {
        var failure = new SdpException(System.Enum.Parse<SdpFailure>(kind), "detail") { HttpStatus = 400 };
        var (read, write) = (Translator.Translate(failure, Read), Translator.Translate(failure, Write));
        (read.Code, read.Reason, read.Changed.ToString()).ShouldBe((readCode, readReason, readChanged));
        (write.Code, write.Reason, write.Changed.ToString()).ShouldBe((writeCode, writeReason, writeChanged));
    }

    [Theory]
    [InlineData(4001, 400, StatusCode.InvalidArgument, "UNKNOWN_VALUE")]
    [InlineData(4002, 403, StatusCode.PermissionDenied, "FORBIDDEN")]
    [InlineData(4005, 400, StatusCode.FailedPrecondition, "REFERENCED")]
    [InlineData(4007, 404, StatusCode.NotFound, "NOT_FOUND")]
    [InlineData(4008, 400, StatusCode.AlreadyExists, "NOT_UNIQUE")]
    [InlineData(4009, 400, StatusCode.InvalidArgument, "NOT_EDITABLE")]
    [InlineData(4012, 400, StatusCode.InvalidArgument, "MANDATORY_MISSING")]
    [InlineData(4014, 400, StatusCode.InvalidArgument, "NOT_EDITABLE")]
    [InlineData(4016, 400, StatusCode.InvalidArgument, "WRONG_VALUE")]
    [InlineData(4021, 400, StatusCode.InvalidArgument, "WRONG_VALUE")]
    [InlineData(7001, 400, StatusCode.FailedPrecondition, "LICENCE")]
    public void Each_code_of_the_instance_has_its_own_meaning(int code, int httpStatus, StatusCode status, string reason)
    {
        var failure = Translator.Translate(
            new SdpException(SdpFailure.Refused, "detail") { HttpStatus = httpStatus, Messages = [new SdpMessage(code, ["udf_fields.udf_x", "closure_info", "resolution"], null)] }, Write);
        (failure.Code, failure.Reason, failure.Changed).ShouldBe((status, reason, Changed.Nothing));
        failure.SdpCodes.ShouldBe([code]);
        if (reason != "FORBIDDEN") failure.Fields.Select(field => field.Field).ShouldBe(["custom_fields.udf_x", "closure_info", "resolution"], "as the contract names them, where it does");
    }

    [Theory]
    [InlineData(TokenState.Refused, StatusCode.Unauthenticated, "CREDENTIAL_REFUSED")]
    [InlineData(TokenState.CoolingDown, StatusCode.ResourceExhausted, "TOKEN_THROTTLED")]
    [InlineData(TokenState.Unreachable, StatusCode.Unavailable, "TOKEN_UNAVAILABLE")]
    public void Without_a_token_nothing_was_changed(TokenState state, StatusCode code, string reason)
    {
        var failure = Translator.Translate(new TokenException(state, "why"), Write);
        (failure.Code, failure.Reason, failure.Changed).ShouldBe((code, reason, Changed.Nothing));
    }

    [Fact]
    public void What_nobody_foresaw_is_a_fault_of_the_broker_and_quotes_nothing()
    {
        var (read, write) = (Translator.Translate(new InvalidOperationException("hush"), Read), Translator.Translate(new InvalidOperationException("hush"), Write));
        (read.Code, read.Changed, write.Code, write.Changed).ShouldBe((StatusCode.Internal, Changed.Nothing, StatusCode.Internal, Changed.Unknown));
        $"{read} {write}".ShouldNotContain("hush");
        Translator.Translate(new CredentialException("why"), Read).Reason.ShouldBe("NO_CREDENTIAL");
        Translator.Translate(new OperationCanceledException(), Write).Code.ShouldBe(StatusCode.Cancelled);
    }

    [Fact]
    public void A_failure_carries_everything_a_caller_can_act_on()
    {
        var rpc = new Failure(StatusCode.InvalidArgument, "WHY", "What.")
        {
            Changed = Changed.Unknown, Next = "Do.", Fields = [("a", "bad"), ("b", "worse")], SdpCodes = [4001, 4012], RetryAfter = TimeSpan.FromSeconds(1.2),
        }.ToRpc();
        var status = rpc.GetRpcStatus()!;
        var info = status.GetDetail<ErrorInfo>();
        (rpc.StatusCode, rpc.Status.Detail, info.Domain, info.Reason).ShouldBe((StatusCode.InvalidArgument, "What.", "sidecar", "WHY"));
        info.Metadata.ShouldBe(new Dictionary<string, string>
        {
            ["changed"] = "unknown", ["indeterminate"] = "true", ["next"] = "Do.", ["sdp_code"] = "4001,4012", ["fields"] = "a,b", ["retry_after"] = "2",
        }, ignoreOrder: true);
        status.GetDetail<BadRequest>().FieldViolations.Select(violation => $"{violation.Field} {violation.Description}").ShouldBe(["a bad", "b worse"]);
        status.GetDetail<RetryInfo>().RetryDelay.ToTimeSpan().ShouldBe(TimeSpan.FromSeconds(1.2));
    }

    [Fact]
    public void However_much_an_instance_says_the_error_can_travel()
    {
        var long499 = new string('x', 499) + "😀😀";
        var messages = Enumerable.Range(0, 500).Select(i => new SdpMessage(4001, [$"field{i}", new string('y', 99) + "😀"], i % 2 == 0 ? long499 : "\r\nforged: line")).ToList();
        var failure = Translator.Translate(new SdpException(SdpFailure.Refused, "detail") { HttpStatus = 400, Messages = messages }, Write);
        failure.Message.ShouldNotContain('\n');
        failure.ToRpc().GetRpcStatus()!.ToByteArray().Length.ShouldBeLessThan(32 * 1024, "it has to fit into HTTP/2 headers");
    }

    [Theory]
    [InlineData("reset", "NO_ANSWER", StatusCode.Unavailable)]
    [InlineData("none", "NOT_FOUND", StatusCode.NotFound)]
    [InlineData("other", "NOT_FOUND", StatusCode.NotFound)]
    public async Task A_number_that_cannot_be_looked_up_is_told_as_a_read_that_failed(string what, string reason, StatusCode code)
    {
        using var rig = new Rig((_, _) => what switch
        {
            "reset" => Task.FromException<HttpResponseMessage>(new IOException()),
            "none" => Task.FromResult(Wire.Json("""{"response_status":{"status_code":2000},"requests":[]}""")),
            _ => Task.FromResult(Wire.Json("""{"response_status":{"status_code":2000},"requests":[{"id":"9","display_id":"8"}]}""")),
        });
        var looking = NoValue(new RecordIds(rig.Client, rig.Store).ResolveAsync(new AddNoteRequest { RequestId = "#7", Note = "x" }, Cancel));
        var failure = (await Should.ThrowAsync<FailureException>(() => rig.RunAsync(looking, TimeSpan.FromSeconds(1)))).Failure;
        (failure.Reason, failure.Code, failure.Changed).ShouldBe((reason, code, Changed.Nothing));
        if (reason == "NOT_FOUND") $"{failure.Message} {failure.Next}".ShouldBe("There is no request #7 here, or you may not see it. Check the number; search_requests finds requests by text.");
    }

    [Fact]
    public async Task A_number_is_looked_up_once()
    {
        using var rig = new Rig((_, _) => Task.FromResult(Wire.Json("""{"response_status":[{"status_code":2000}],"requests":[{"id":"123456789012345678","display_id":"7"}]}""")));
        var ids = new RecordIds(rig.Client, rig.Store);
        foreach (var text in new[] { "7", "#7", "007" })
        {
            var request = new GetRequestRequest { RequestId = text };
            await ids.ResolveAsync(request, Cancel);
            request.RequestId.ShouldBe("123456789012345678");
        }

        rig.Sdp.Calls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_close_whose_caller_left_while_it_was_on_its_way_is_not_told_as_never_sent()
    {
        using var leaving = new CancellationTokenSource();
        using var rig = new Rig(async (sent, _) =>
        {
            if (sent.Method == HttpMethod.Put) await leaving.CancelAsync();
            return Wire.Json(leaving.IsCancellationRequested
                ? """{"response_status":{"status_code":2000},"request":{"id":"1","status":{"name":"Closed","in_progress":false}}}"""
                : """{"response_status":{"status_code":2000},"request":{"id":"1","status":{"name":"Open","in_progress":true}}}""");
        });
        var closed = (Request)await new CloseRequest(rig.Caller).InvokeAsync(new CloseRequestRequest { RequestId = "1" }, leaving.Token);
        closed.Status.ShouldBe("Closed");
    }

    [Theory]
    [InlineData("new", true)]
    [InlineData("old", false)]
    public async Task An_unanswered_change_of_a_text_is_done_only_if_the_record_reads_so(string now, bool isDone)
    {
        using var rig = new Rig((sent, _) => sent.Method == HttpMethod.Put
            ? Task.FromException<HttpResponseMessage>(new IOException())
            : Task.FromResult(Wire.Json("{\"response_status\":{\"status_code\":2000},\"request\":{\"id\":\"1\",\"description\":\"" + now + "\"}}")));
        var updating = rig.Caller.CallAsync(Write, new UpdateRequestRequest { RequestId = "1", Description = "new" }, Cancel);
        if (isDone)
        {
            ((Request)await updating).Description.ShouldBe("new");
            return;
        }

        var failure = (await Should.ThrowAsync<FailureException>(() => updating)).Failure;
        (failure.Reason, failure.Changed).ShouldBe(("OUTCOME_UNKNOWN", Changed.Unknown));
        rig.Sdp.Calls.Count(call => call.Method == HttpMethod.Put).ShouldBe(1);
    }

    private static async Task<bool> NoValue(Task task)
    {
        await task;
        return true;
    }
}

using Sidecar.Broker.Operations;
using Sidecar.Contract.Sdp;
using Shouldly;
using Xunit;

namespace Sidecar.Tests.Unit.Broker;

/// <summary>On premises ids are short, so digits alone do not say whether they are an id or a number.</summary>
public class OnPremRecordIdTests
{
    private const string None = """{"response_status":[{"status_code":2000}],"requests":[]}""";
    private const string Same = """{"response_status":[{"status_code":2000}],"requests":[{"id":"7","display_id":"7"}]}""";
    private const string Apart = """{"response_status":[{"status_code":2000}],"requests":[{"id":"412","display_id":"7"}]}""";
    private const string NoNumbers = """{"response_status":[{"status_code":2000}],"requests":[{"id":"900"}]}""";
    private const string NoSuchField = """{"response_status":{"status_code":4000,"messages":[{"status_code":4001,"field":"display_id"}]}}""";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("7", Same, "7")]
    [InlineData("#7", Same, "7")]
    [InlineData("#7", Apart, "412")]
    [InlineData("412", None, "412")]
    [InlineData("7", NoNumbers, "7")]
    [InlineData("#7", NoNumbers, "7")]
    [InlineData("7", NoSuchField, "7")]
    [InlineData("#7", NoSuchField, "7")]
    public async Task A_number_and_an_id_lead_to_their_request(string text, string answer, string id)
    {
        using var rig = NewRig(answer);
        var request = new GetRequestRequest { RequestId = text };
        await new RecordIds(rig.Client, rig.Store).ResolveAsync(request, Cancel);
        request.RequestId.ShouldBe(id);
    }

    [Theory]
    [InlineData("7", Apart, "AMBIGUOUS")]
    [InlineData("#8", None, "NOT_FOUND")]
    public async Task What_could_end_in_another_request_ends_in_none(string text, string answer, string reason)
    {
        using var rig = NewRig(answer);
        var ids = new RecordIds(rig.Client, rig.Store);
        // The second time from memory.
        for (var i = 0; i < 2; i++)
            (await Should.ThrowAsync<FailureException>(() => ids.ResolveAsync(new AddNoteRequest { RequestId = text, Note = "x" }, Cancel))).Failure.Reason.ShouldBe(reason);
    }

    private static Rig NewRig(string answer) => new(
        (sent, _) => Task.FromResult(Wire.Json(sent.Url.Query.Contains("display_id", StringComparison.Ordinal) ? answer : Rig.Ok, answer == NoSuchField && sent.Url.Query.Contains("display_id", StringComparison.Ordinal) ? 400 : 200)),
        credential: HeldCredential.OnPrem("v1"));
}

using System.Text.Json.Nodes;
using Shouldly;
using Sidecar.Broker.Operations;
using Sidecar.Broker.Operations.Setup;
using Sidecar.Broker.Sdp;
using Sidecar.Contract.Sdp;
using Xunit;

namespace Sidecar.Tests.Unit.Broker;

public sealed class SetupListsTests : IDisposable
{
    private readonly List<string> _names = ["Low", "High"];
    private readonly Rig _rig;
    private readonly SetupLists _lists;
    private int _status = 200;
    private int _refusals;

    public SetupListsTests()
    {
        _rig = new Rig((sent, _) => Task.FromResult(sent.Method == HttpMethod.Get ? List()
            : _refusals-- > 0 ? Wire.Json("""{"response_status":{"status_code":4000,"messages":[{"status_code":4001,"field":"priority"}]}}""", 400)
            : Wire.Json("""{"response_status":{"status_code":2000},"request":{"id":"1","subject":"x"}}""")));
        _lists = new SetupLists(_rig.Client, new Dialect(), _rig.Store, _rig.Clock);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private int Reads => _rig.Sdp.Calls.Count(call => call.Method == HttpMethod.Get);

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task A_list_is_read_once_in_five_minutes()
    {
        await ReadAsync();
        _rig.Clock.Advance(TimeSpan.FromMinutes(4.9));
        (await ReadAsync()).Rows.Count.ShouldBe(2);
        Reads.ShouldBe(1);
        _rig.Clock.Advance(TimeSpan.FromMinutes(0.2));
        await ReadAsync();
        Reads.ShouldBe(2);
    }

    [Fact]
    public async Task A_failure_is_not_kept()
    {
        _status = 403;
        await Should.ThrowAsync<SdpException>(ReadAsync);
        _status = 200;
        (await ReadAsync()).Rows.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("/priorities/7", true)]
    [InlineData("/categories/1/subcategories", true)]
    [InlineData("/requests/7", false)]
    public async Task A_write_to_one_of_the_lists_ends_them(string path, bool ends)
    {
        await ReadAsync();
        await _rig.Client.SendAsync(HttpMethod.Put, path, [], Cancel);
        await ReadAsync();
        Reads.ShouldBe(ends ? 2 : 1);
    }

    [Fact]
    public async Task Another_credential_reads_anew()
    {
        await ReadAsync();
        await _rig.RotateAsync("v2");
        await ReadAsync();
        Reads.ShouldBe(2);
    }

    [Fact]
    public async Task A_refused_value_ends_them_and_the_write_goes_by_what_is_read_then()
    {
        await ReadAsync();
        _refusals = 1;
        await Caller().CallAsync<Sidecar.Contract.Sdp.Request>("CreateRequest", new CreateRequestRequest { Subject = "x", Priority = "High" }, Cancel);
        Reads.ShouldBe(2);
        Uri.UnescapeDataString(_rig.Sdp.Calls.Last().Body).ShouldContain("""{"id":"1"}""");
    }

    [Fact]
    public async Task A_name_that_is_missing_from_what_was_kept_may_have_come_since()
    {
        var caller = Caller();
        _refusals = 1;
        await caller.CallAsync<Sidecar.Contract.Sdp.Request>("CreateRequest", new CreateRequestRequest { Subject = "x", Priority = "High" }, Cancel);
        _names.Add("Urgent");
        await caller.CallAsync<Sidecar.Contract.Sdp.Request>("CreateRequest", new CreateRequestRequest { Subject = "x", Priority = "Urgent" }, Cancel);
        Uri.UnescapeDataString(_rig.Sdp.Calls.Last().Body).ShouldContain("""{"id":"2"}""");
        var unknown = await Should.ThrowAsync<FailureException>(
            () => caller.CallAsync<Sidecar.Contract.Sdp.Request>("CreateRequest", new CreateRequestRequest { Subject = "x", Priority = "Sky-high" }, Cancel));
        unknown.Failure.Reason.ShouldBe("UNKNOWN_VALUE");
    }

    private Task<NameList> ReadAsync() => _lists.GetAsync(["/priorities"], isFresh: false, Cancel);

    private SdpCaller Caller() => new(_rig.Client, _rig.Dialect, new NameLookup(_lists, _rig.Dialect), _rig.Traced, _rig.Store, _rig.Clock);

    private HttpResponseMessage List() => Wire.Json(new JsonObject
    {
        ["response_status"] = new JsonArray(new JsonObject { ["status_code"] = 2000 }),
        ["priorities"] = new JsonArray([.. _names.Select((name, i) => (JsonNode)new JsonObject { ["id"] = $"{i}", ["name"] = name })]),
        ["list_info"] = new JsonObject { ["has_more_rows"] = false },
    }.ToJsonString(), _status);
}

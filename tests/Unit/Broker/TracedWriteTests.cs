using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Shouldly;
using Sidecar.Broker.Operations;
using Sidecar.Broker.Operations.Fate;
using Sidecar.Contract;
using Sidecar.Contract.Sdp;
using Xunit;

namespace Sidecar.Tests.Unit.Broker;

public sealed class TracedWriteTests : IDisposable
{
    private static readonly Operation Create = Catalog.Current["CreateRequest"];
    private static readonly CreateRequestRequest Wish = new() { Subject = "Printer on fire" };

    private readonly ConcurrentDictionary<string, string> _opened = new();
    private readonly Rig _rig;
    private Func<string, HttpResponseMessage> _post;
    private Func<Sent, HttpResponseMessage>? _list;

    public TracedWriteTests()
    {
        _post = _ => throw new IOException();
        _rig = new Rig((sent, _) => Task.FromResult(sent.Method == HttpMethod.Post ? _post(sent.Body) : Answer(sent)));
    }

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task Until_it_has_settled_a_repeat_is_not_sent_and_after_that_it_is()
    {
        await FailAsync();
        _rig.Clock.Advance(TimeSpan.FromSeconds(60));
        var told = await FailAsync();
        told.Message.ShouldContain("was not sent again");
        told.RetryAfter!.Value.ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
        Posts.ShouldBe(1);

        _rig.Clock.Advance(told.RetryAfter.Value);
        _post = _ => Opened("5");
        ((Request)await _rig.Caller.CallAsync(Create, Wish, Cancel)).Id.ShouldBe("5");
        Posts.ShouldBe(2);
    }

    [Fact]
    public async Task What_turns_up_late_is_given_to_the_caller_who_asks_again()
    {
        await FailAsync();
        Opened("7");
        ((Request)await _rig.Caller.CallAsync(Create, Wish, Cancel)).Id.ShouldBe("7");
        Posts.ShouldBe(1);
    }

    [Fact]
    public async Task One_record_answers_one_of_two_lost_calls()
    {
        var both = Task.WhenAll(Outcome(), Outcome());
        Opened("7");
        var outcomes = await _rig.RunAsync(both, TimeSpan.FromMilliseconds(200));
        outcomes.Count(outcome => outcome is Request { Id: "7" }).ShouldBe(1);
        outcomes.Count(outcome => outcome is Failure { Changed: Changed.Unknown }).ShouldBe(1);
    }

    [Fact]
    public async Task The_same_wish_twice_at_once_makes_two()
    {
        var ids = 0;
        _post = _ => Opened($"{++ids}");
        var made = await Task.WhenAll(Outcome(), Outcome());
        made.Select(one => ((Request)one).Id).ShouldBe(["1", "2"], ignoreOrder: true);
    }

    [Fact]
    public async Task Another_wish_is_sent_at_once()
    {
        await FailAsync();
        _post = _ => Opened("8");
        ((Request)await _rig.Caller.CallAsync(Create, new CreateRequestRequest { Subject = "Another" }, Cancel)).Id.ShouldBe("8");
    }

    [Fact]
    public async Task What_cannot_be_looked_for_is_never_sent_again()
    {
        await FailAsync();
        _rig.Clock.Advance(TimeSpan.FromMinutes(5));
        _list = _ => Wire.Json("{}", 403);
        (await FailAsync()).Message.ShouldContain("could not be looked for");
        Posts.ShouldBe(1);
    }

    [Fact]
    public async Task A_list_that_does_not_reach_back_far_enough_proves_nothing()
    {
        _list = _ => Rows(Enumerable.Range(1, 100).Select(i => Row($"{i}", "Someone else's", _rig.Clock.GetUtcNow())));
        (await FailAsync()).Message.ShouldContain("could not be looked for");
    }

    [Fact]
    public async Task A_refusal_is_not_remembered()
    {
        _post = _ => Wire.Json("""{"response_status":{"status_code":4000,"messages":[{"status_code":4012,"fields":["priority"]}]}}""", 400);
        (await FailAsync()).Changed.ShouldBe(Changed.Nothing);
        _post = _ => Opened("9");
        ((Request)await _rig.Caller.CallAsync(Create, Wish, Cancel)).Id.ShouldBe("9");
    }

    [Fact]
    public async Task What_was_made_in_part_is_not_made_again()
    {
        _post = _ =>
        {
            Opened("3");
            return Wire.Json("""{"response_status":{"status_code":3000,"status":"warning","messages":[{"status_code":4003,"fields":["priority"]}]}}""");
        };
        (await FailAsync()).Changed.ShouldBe(Changed.Partly);
        (await FailAsync()).Message.ShouldContain("with id 3");
        Posts.ShouldBe(1);
    }

    [Fact]
    public void A_write_is_forgotten_after_its_window()
    {
        var ledger = new WriteLedger(_rig.Clock);
        ledger.Keep("key", new OpenWrite(_rig.Clock.GetUtcNow(), Task.FromResult<Google.Protobuf.IMessage>(Wish), Cancel));
        _rig.Clock.Advance(WriteLedger.Window - TimeSpan.FromSeconds(1));
        ledger.Find("key").ShouldNotBeNull();
        _rig.Clock.Advance(TimeSpan.FromSeconds(1));
        ledger.Find("key").ShouldBeNull();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private int Posts => _rig.Sdp.Calls.Count(call => call.Method == HttpMethod.Post);

    private async Task<Failure> FailAsync() =>
        (Failure)await _rig.RunAsync(Outcome(), TimeSpan.FromMilliseconds(50));

    private async Task<object> Outcome()
    {
        try
        {
            return await _rig.Caller.CallAsync(Create, Wish, Cancel);
        }
        catch (FailureException failure)
        {
            return failure.Failure;
        }
    }

    private HttpResponseMessage Opened(string id)
    {
        _opened[id] = Row(id, Wish.Subject, _rig.Clock.GetUtcNow());
        return Wire.Json($$$"""{"response_status":{"status_code":2000},"request":{{{_opened[id]}}}}""");
    }

    private HttpResponseMessage Answer(Sent sent) => sent.Url.AbsolutePath.EndsWith("/requests", StringComparison.Ordinal)
        ? _list?.Invoke(sent) ?? Rows(_opened.Values)
        : Wire.Json($$$"""{"response_status":{"status_code":2000},"request":{{{_opened[sent.Url.Segments[^1]]}}}}""");

    private static HttpResponseMessage Rows(IEnumerable<string> rows) =>
        Wire.Json($$$"""{"response_status":[{"status_code":2000}],"requests":[{{{string.Join(',', rows)}}}]}""");

    private static string Row(string id, string subject, DateTimeOffset time) => new JsonObject
    {
        ["id"] = id,
        ["subject"] = subject,
        ["created_time"] = new JsonObject { ["value"] = $"{time.ToUnixTimeMilliseconds()}" },
        ["created_by"] = new JsonObject { ["email_id"] = "anna@example.com" },
    }.ToJsonString();
}

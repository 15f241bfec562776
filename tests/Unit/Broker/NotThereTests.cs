using System.Text.Json.Nodes;
using Shouldly;
using Sidecar.Broker.Operations;
using Sidecar.Contract;
using Sidecar.Contract.Sdp;
using Xunit;

namespace Sidecar.Tests.Unit.Broker;

/// <summary>"Not there" lets a caller send again. Whatever an instance answers short of proof must not come to that.</summary>
public class NotThereTests
{
    private const string Subject = "Printer on fire 🔥";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("unreadable")]
    [InlineData("by another address")]
    [InlineData("other characters")]
    [InlineData("a word before it")]
    [InlineData("another priority")]
    [InlineData("a clock ahead")]
    [InlineData("an id that is none")]
    public async Task A_record_that_may_be_it_keeps_the_call_from_being_sent_again(string how)
    {
        var row = Row(how);
        await SentOnceAsync(sent => sent.Url.AbsolutePath.EndsWith("/requests", StringComparison.Ordinal)
            ? List([row], hasMore: false, how == "a clock ahead" ? TimeSpan.FromMinutes(10) : TimeSpan.Zero)
            : how == "unreadable" ? Wire.Json("{}", 404) : One(row));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_list_of_which_not_enough_was_seen_keeps_the_call_from_being_sent_again(bool oldestFirst)
    {
        var old = new JsonObject { ["id"] = "1", ["subject"] = "long ago", ["created_time"] = Time(-60) };
        var recent = new JsonObject { ["id"] = "2", ["subject"] = "now", ["created_time"] = Time(0) };
        await SentOnceAsync(_ => List(oldestFirst ? [old, recent] : [recent], hasMore: true, TimeSpan.Zero));
    }

    [Fact]
    public async Task However_long_it_is_asked_for_what_cannot_be_looked_for_is_not_sent_again() =>
        await SentOnceAsync(_ => Wire.Json("{}", 403), minutes: 60);

    [Fact]
    public async Task A_list_that_shows_others_alone_lets_it_be_sent_again()
    {
        var posts = await PostsAsync(_ => List([new JsonObject { ["id"] = "2", ["subject"] = "Another", ["created_time"] = Time(0) }], hasMore: false, TimeSpan.Zero), minutes: 3);
        posts.ShouldBe(2);
    }

    private static async Task SentOnceAsync(Func<Sent, HttpResponseMessage> read, int minutes = 20) => (await PostsAsync(read, minutes)).ShouldBe(1);

    // The same call, made again every minute as it is told to.
    private static async Task<int> PostsAsync(Func<Sent, HttpResponseMessage> read, int minutes)
    {
        using var rig = new Rig((sent, _) => Task.FromResult(sent.Method == HttpMethod.Post ? throw new IOException() : read(sent)));
        for (var minute = 0; minute < minutes; minute++)
        {
            // Found by then, or still unknown.
            if (await rig.RunAsync(FailAsync(rig), TimeSpan.FromMilliseconds(100)) is not { } failure) break;
            failure.Changed.ShouldBe(Changed.Unknown, failure.Message);
            rig.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        return rig.Sdp.Calls.Count(call => call.Method == HttpMethod.Post);
    }

    private static async Task<Failure?> FailAsync(Rig rig)
    {
        try
        {
            await rig.Caller.CallAsync(Catalog.Current["CreateRequest"], new CreateRequestRequest { Subject = Subject, Priority = "2 - High" }, Cancel);
            return null;
        }
        catch (FailureException failure)
        {
            return failure.Failure;
        }
    }

    private static JsonObject Row(string how) => new()
    {
        ["id"] = how == "an id that is none" ? "../1" : "7",
        ["subject"] = how switch { "other characters" => "Printer on fire ????", "a word before it" => "[VIP] " + Subject, _ => Subject },
        ["created_time"] = Time(0),
        ["created_by"] = new JsonObject { ["email_id"] = how == "by another address" ? "anna.alias@example.com" : "anna@example.com" },
        ["priority"] = new JsonObject { ["name"] = how == "another priority" ? "4 - Low" : "2 - High" },
        // Or it would be found.
        ["requester"] = null,
        ["description"] = null,
    };

    // Minutes from the beginning of the test, by the test's clock.
    private static JsonObject Time(int minutes) =>
        new() { ["value"] = $"{new DateTimeOffset(2026, 7, 1, 9, 0, 0, TimeSpan.Zero).AddMinutes(minutes).ToUnixTimeMilliseconds()}" };

    private static HttpResponseMessage List(JsonObject[] rows, bool hasMore, TimeSpan ahead)
    {
        var answer = Wire.Json(new JsonObject
        {
            ["response_status"] = new JsonArray(new JsonObject { ["status_code"] = 2000 }),
            ["requests"] = new JsonArray([.. rows.Select(row => row.DeepClone())]),
            ["list_info"] = new JsonObject { ["has_more_rows"] = hasMore },
        }.ToJsonString());
        answer.Headers.Date = new DateTimeOffset(2026, 7, 1, 9, 0, 0, TimeSpan.Zero) + ahead;
        return answer;
    }

    private static HttpResponseMessage One(JsonObject row) =>
        Wire.Json(new JsonObject { ["response_status"] = new JsonObject { ["status_code"] = 2000 }, ["request"] = row.DeepClone() }.ToJsonString());
}

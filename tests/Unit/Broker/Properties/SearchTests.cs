using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Shouldly;
using Sidecar.Broker.Transcoding;
using Sidecar.Contract.Sdp;
using Sidecar.Simulator;
using Sidecar.Simulator.Sdp.Lists;
using Xunit;

namespace Sidecar.Tests.Unit.Broker.Properties;

/// <summary>From a search's arguments to the rows: what is compiled selects what the arguments mean.</summary>
public class SearchTests
{
    private const string Me = "anna@example.com";
    private const long Start = 1_790_000_000_000;

    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeMilliseconds(Start);
    private static readonly string[] Words = ["fire", "Fire alarm", "no printer", "VPN", "a", "printer on FIRE", "+49 170", "100%", "x"];
    private static readonly string[] Statuses = ["Open", "open", "On Hold", "Closed"], Groups = ["Network", "network", "Desk"], Priorities = ["1 - Low", "2 - High"], Categories = ["Software", "Hardware"];
    private static readonly (string Name, string Email, string Id)[] People =
        [("Anna", Me, "123456789012345671"), ("Bob", "bob@example.com", "123456789012345672"), ("anna", "anna.two@example.com", "123456789012345673")];

    [Fact]
    public void A_search_selects_the_rows_that_its_arguments_mean() => Gen.Int[0, int.MaxValue].Sample(seed =>
    {
        var random = new Random(seed);
        var request = Search(random);
        Agree(random, request, row => Means(request, row), seed);
    }, iter: 2000);

    [Fact]
    public void A_queue_selects_the_rows_that_it_stands_for() => Gen.Int[0, int.MaxValue].Sample(seed =>
    {
        var random = new Random(seed);
        var request = new ListRequestsRequest { Queue = (Queue)random.Next(6) };
        Defaults.Apply(request);
        Agree(random, request, row => IsIn(request.Queue, row), seed);
    }, iter: 500);

    [Fact]
    public void A_search_for_people_selects_by_name_and_by_address() => Gen.Int[0, int.MaxValue].Sample(seed =>
    {
        var random = new Random(seed);
        var request = new FindTechnicianRequest { Query = One(random, ["a", "ANNA", "example", "bob@", "zz"]) };
        var criteria = ListQuery.Compile(request, null, Me, Now).ListInfo["search_criteria"]!.AsObject();
        foreach (var (name, email, _) in People)
        {
            var row = new JsonObject { ["name"] = name, ["email_id"] = email };
            Evaluate(criteria, row).ShouldBe(Has(name, request.Query) || Has(email, request.Query), $"seed {seed}");
        }
    }, iter: 100);

    private static void Agree(Random random, IMessage request, Func<JsonObject, bool> means, int seed)
    {
        var query = ListQuery.Compile(request, RequestSummary.Descriptor, Me, Now);
        // What goes over the wire is text.
        var criteria = query.ListInfo["search_criteria"] is { } compiled ? JsonNode.Parse(compiled.ToJsonString())!.AsObject() : null;
        var simulated = criteria is null ? _ => true : Criteria.Parse(criteria, new InstanceSwitches(), _ => true);
        for (var count = 0; count < 20; count++)
        {
            var row = Row(random);
            var (expected, where) = (means(row), $"seed {seed}: {request} as {criteria?.ToJsonString()} on {row.ToJsonString()}");
            Evaluate(criteria, row).ShouldBe(expected, where);
            simulated(row).ShouldBe(expected, $"the simulator, {where}");
            if (!expected) continue;
            Criterion.MayMatch(query.Criteria, JsonElement.Parse(row.ToJsonString())).ShouldBeTrue(where);
            // An instance may leave columns out, or spell a reference as its name alone.
            foreach (var column in row.Select(member => member.Key).ToList())
            {
                if (random.Next(4) == 0) row.Remove(column);
                else if (random.Next(4) == 0 && column is "group" or "priority" or "category" && row[column] is JsonObject reference) row[column] = (string)reference["name"]!;
            }

            Criterion.MayMatch(query.Criteria, JsonElement.Parse(row.ToJsonString())).ShouldBeTrue($"with less in the row, {where}");
        }
    }

    private static SearchRequestsRequest Search(Random random)
    {
        var request = new SearchRequestsRequest();
        if (Some()) request.Query = One(random, Words);
        if (Some()) request.Queue = (Queue)random.Next(6);
        if (Some()) request.Status = One(random, Statuses);
        if (Some()) request.Priority = One(random, Priorities);
        if (Some()) request.Technician = Person(random);
        if (Some()) request.Requester = Person(random);
        if (Some()) request.Group = One(random, Groups);
        if (Some()) request.Category = One(random, Categories);
        if (Some()) request.CreatedAfter = Time();
        if (Some()) request.CreatedBefore = Time();
        if (Some()) request.DueAfter = Time();
        if (Some()) request.DueBefore = Time();
        if (Some()) request.Overdue = true;
        Defaults.Apply(request);
        return request;

        bool Some() => random.Next(6) == 0;
        Timestamp Time() => Timestamp.FromDateTimeOffset(DateTimeOffset.FromUnixTimeMilliseconds(Milliseconds(random)));
    }

    // What each argument means, written down without looking at how it is compiled.
    private static bool Means(SearchRequestsRequest request, JsonObject row) =>
        (request.Query.Length == 0 || Has(Text(row, "subject"), request.Query) || Has(Text(row, "description"), request.Query))
        && IsIn(request.Queue, row)
        && (request.Status.Length == 0 || Is(Text(row, "status", "name"), request.Status))
        && (request.Priority.Length == 0 || Is(Text(row, "priority", "name"), request.Priority))
        && (request.Technician.Length == 0 || IsPerson(row["technician"], request.Technician))
        && (request.Requester.Length == 0 || IsPerson(row["requester"], request.Requester))
        && (request.Group.Length == 0 || Is(Text(row, "group", "name"), request.Group))
        && (request.Category.Length == 0 || Is(Text(row, "category", "name"), request.Category))
        && (request.CreatedAfter is null || At(row, "created_time") >= request.CreatedAfter.ToDateTimeOffset())
        && (request.CreatedBefore is null || At(row, "created_time") < request.CreatedBefore.ToDateTimeOffset())
        && (request.DueAfter is null || At(row, "due_by_time") >= request.DueAfter.ToDateTimeOffset())
        && (request.DueBefore is null || At(row, "due_by_time") < request.DueBefore.ToDateTimeOffset())
        && (!request.Overdue || (IsOpen(row) && At(row, "due_by_time") < Now));

    private static bool IsIn(Queue queue, JsonObject row) => queue switch
    {
        Queue.Open => IsOpen(row),
        Queue.Mine => IsOpen(row) && Is(Text(row, "technician", "email_id"), Me),
        Queue.Unassigned => IsOpen(row) && row["technician"] is null,
        Queue.Overdue => IsOpen(row) && At(row, "due_by_time") < Now,
        _ => true,
    };

    private static bool IsOpen(JsonObject row) => (bool)row["status"]!["in_progress"]!;

    private static bool IsPerson(JsonNode? person, string named) => person is not null
        && Is((string?)person[named.Contains('@', StringComparison.Ordinal) ? "email_id" : named.Length == 18 ? "id" : "name"], named);

    private static DateTimeOffset? At(JsonObject row, string name) =>
        row[name] is { } time ? DateTimeOffset.FromUnixTimeMilliseconds(long.Parse((string)time["value"]!, CultureInfo.InvariantCulture)) : null;

    private static bool Is(string? text, string value) => string.Equals(text, value, StringComparison.OrdinalIgnoreCase);

    private static bool Has(string? text, string value) => text?.Contains(value, StringComparison.OrdinalIgnoreCase) == true;

    private static string? Text(JsonObject row, string name, string? member = null) => (string?)(member is null ? row[name] : row[name]?[member]);

    // By the facts: a root with children, joined from left to right, each by its own operator; "is" without a value asks for
    // nothing; names are the same in capitals; times are epoch milliseconds; what is empty compares with nothing.
    private static bool Evaluate(JsonObject? node, JsonObject row)
    {
        if (node is null) return true;
        JsonNode? found = row;
        foreach (var part in ((string)node["field"]!).Split('.')) found = (found as JsonObject)?[part];
        var value = (string?)node["value"];
        var text = found is JsonObject time ? (string?)time["value"] : found?.ToString();
        var result = (string)node["condition"]! switch
        {
            "is" => value is null ? found is null : Is(text, value),
            "contains" => Has(text, value!),
            "greater or equal" => text is not null && long.Parse(text, CultureInfo.InvariantCulture) >= long.Parse(value!, CultureInfo.InvariantCulture),
            "lesser than" => text is not null && long.Parse(text, CultureInfo.InvariantCulture) < long.Parse(value!, CultureInfo.InvariantCulture),
            var other => throw new InvalidOperationException($"The API has no condition \"{other}\"."),
        };
        foreach (var child in node["children"]?.AsArray() ?? [])
        {
            var next = Evaluate(child!.AsObject(), row);
            result = (string)child["logical_operator"]! == "OR" ? result || next : result && next;
        }

        return result;
    }

    private static JsonObject Row(Random random)
    {
        return new JsonObject
        {
            ["subject"] = One(random, Words),
            ["description"] = random.Next(4) == 0 ? null : One(random, Words),
            ["status"] = new JsonObject { ["name"] = One(random, Statuses), ["in_progress"] = random.Next(3) > 0 },
            ["priority"] = Reference(Priorities),
            ["group"] = Reference(Groups),
            ["category"] = Reference(Categories),
            ["technician"] = Someone(),
            ["requester"] = Someone(),
            ["created_time"] = new JsonObject { ["display_value"] = "some day", ["value"] = Milliseconds(random).ToString(CultureInfo.InvariantCulture) },
            ["due_by_time"] = random.Next(3) == 0 ? null : new JsonObject { ["display_value"] = "some day", ["value"] = Milliseconds(random).ToString(CultureInfo.InvariantCulture) },
        };

        JsonObject? Reference(string[] names) => random.Next(4) == 0 ? null : new JsonObject { ["id"] = "1", ["name"] = One(random, names) };

        JsonObject? Someone()
        {
            var (name, email, id) = People[random.Next(People.Length)];
            return random.Next(3) == 0 ? null : new JsonObject { ["id"] = id, ["name"] = name, ["email_id"] = email };
        }
    }

    private static string Person(Random random)
    {
        var (name, email, id) = People[random.Next(People.Length)];
        return random.Next(3) switch { 0 => name, 1 => email, _ => id };
    }

    private static long Milliseconds(Random random) => Start + random.Next(-2, 3);

    private static string One(Random random, string[] of) => of[random.Next(of.Length)];
}

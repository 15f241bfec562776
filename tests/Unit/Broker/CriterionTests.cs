using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Google.Protobuf.WellKnownTypes;
using Shouldly;
using Sidecar.Broker.Transcoding;
using Sidecar.Contract.Sdp;
using Xunit;

namespace Sidecar.Tests.Unit.Broker;

public class CriterionTests
{
    private static readonly string[] Texts = ["printer", "Printer on fire", "null pointer", "+4917012345678", "0593000300533", "a & b", "x", "true"];

    private static readonly string[] TextFields = ["subject", "description", "status.name", "technician.name", "technician.email_id"];

    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeMilliseconds(1_790_000_000_000);

    [Fact]
    public void The_compiled_criteria_keep_exactly_the_rows_that_meet_them_all() => Gen.Int[0, int.MaxValue].Sample(seed =>
    {
        var random = new Random(seed);
        var criteria = Criteria(random);
        var compiled = Criterion.Compile(criteria);
        for (var i = 0; i < 20; i++)
        {
            var row = Row(random);
            Evaluate(compiled, row).ShouldBe(HoldsAll(criteria, row), $"{compiled?.ToJsonString()} on {row.ToJsonString()}");
        }
    }, iter: 1000);

    [Fact]
    public void A_row_that_meets_them_is_never_dropped_even_if_columns_are_missing() => Gen.Int[0, int.MaxValue].Sample(seed =>
    {
        var random = new Random(seed);
        var criteria = Criteria(random);
        for (var i = 0; i < 20; i++)
        {
            var row = Row(random);
            if (!HoldsAll(criteria, row)) continue;
            Criterion.MayMatch(criteria, JsonElement.Parse(row.ToJsonString())).ShouldBeTrue(row.ToJsonString());
            foreach (var column in row.Select(member => member.Key).Where(_ => random.Next(2) == 0).ToList()) row.Remove(column);
            Criterion.MayMatch(criteria, JsonElement.Parse(row.ToJsonString())).ShouldBeTrue(row.ToJsonString());
        }
    }, iter: 1000);

    [Theory]
    [InlineData("status.name", "is", "Open", """{"status":{"name":"Closed"}}""")]
    [InlineData("status.in_progress", "is", "true", """{"status":{"in_progress":false}}""")]
    [InlineData("subject", "contains", "fire", """{"subject":"water"}""")]
    [InlineData("technician.email_id", "is", "a@b", """{"technician":null}""")]
    [InlineData("technician", "is", null, """{"technician":{"name":"x"}}""")]
    [InlineData("due_by_time", "lesser than", "1500000000000", """{"due_by_time":{"value":"1500000000000"}}""")]
    [InlineData("created_time", "greater or equal", "1500000000000", """{"created_time":{"display_value":"x","value":"1499999999999"}}""")]
    public void A_row_that_shows_otherwise_is_dropped(string field, string condition, string? value, string row) =>
        Criterion.MayMatch([new Criterion([field], condition, value)], JsonElement.Parse(row)).ShouldBeFalse();

    [Fact]
    public void Html_proves_nothing_about_the_text_in_it() =>
        Criterion.MayMatch([new Criterion(["description"], "contains", "a & b")], JsonElement.Parse("""{"description":"<p>a &amp; b</p>"}""")).ShouldBeTrue();

    [Fact]
    public void A_single_criterion_is_an_object_and_none_is_nothing()
    {
        Criterion.Compile([]).ShouldBeNull();
        Criterion.Compile([new(["a"], "is", null)])!.ToJsonString().ShouldBe("""{"field":"a","condition":"is"}""");
    }

    [Fact]
    public void A_list_asks_for_its_page_order_and_criteria()
    {
        var request = new ListRequestsRequest { Queue = Queue.Mine, Page = 3, CountTotal = true };
        Defaults.Apply(request);
        var query = ListQuery.Compile(request, RequestSummary.Descriptor, "anna@example.com", Now);
        query.Page.ShouldBe(3);
        JsonNode.DeepEquals(query.ListInfo, JsonNode.Parse("""
            {"sort_field":"created_time","sort_order":"desc","row_count":25,"start_index":51,"get_total_count":true,
             "search_criteria":{"field":"status.in_progress","condition":"is","value":"true","children":[
               {"field":"technician.email_id","condition":"is","value":"anna@example.com","logical_operator":"AND"}]},
             "fields_required":["id","display_id","subject","status","priority","requester","technician","group","category","created_time","due_by_time"]}
            """)).ShouldBeTrue(query.ListInfo.ToJsonString());
    }

    [Fact]
    public void A_search_compiles_people_times_and_words()
    {
        var request = new SearchRequestsRequest { Query = "fire", Technician = "Bob", Requester = "123456789012345678", Overdue = true, CreatedAfter = Timestamp.FromDateTimeOffset(Now) };
        var query = ListQuery.Compile(request, null, "anna@example.com", Now);
        query.Criteria.Select(criterion => $"{string.Join('|', criterion.AnyOf)} {criterion.Condition} {criterion.Value}").ShouldBe(
        [
            "subject|description contains fire", "technician.name is Bob", "requester.id is 123456789012345678", "created_time greater or equal 1790000000000",
            "status.in_progress is true", "due_by_time lesser than 1790000000000",
        ]);
        query.ListInfo.ContainsKey("fields_required").ShouldBeFalse();
    }

    private static List<Criterion> Criteria(Random random) => [.. Enumerable.Range(0, random.Next(5)).Select(_ => random.Next(4) switch
    {
        0 => new Criterion([random.Next(2) == 0 ? "created_time" : "due_by_time"], random.Next(2) == 0 ? "greater or equal" : "lesser than", Time(random)),
        1 => new Criterion(["technician"], "is", null),
        2 => new Criterion([TextFields[random.Next(TextFields.Length)]], "is", Texts[random.Next(Texts.Length)]),
        _ => new Criterion([.. TextFields.Where(_ => random.Next(2) == 0).DefaultIfEmpty("subject")], "contains", Texts[random.Next(Texts.Length)]),
    })];

    private static JsonObject Row(Random random)
    {
        string? Text() => random.Next(5) == 0 ? null : Texts[random.Next(Texts.Length)];
        return new JsonObject
        {
            ["subject"] = Text(),
            ["description"] = Text(),
            ["status"] = new JsonObject { ["name"] = Text() },
            ["technician"] = random.Next(3) == 0 ? null : new JsonObject { ["name"] = Text(), ["email_id"] = Text() },
            ["created_time"] = new JsonObject { ["display_value"] = "some day", ["value"] = Time(random) },
            ["due_by_time"] = random.Next(3) == 0 ? null : new JsonObject { ["value"] = Time(random) },
        };
    }

    private static string Time(Random random) => (1_500_000_000_000 + random.Next(4)).ToString(CultureInfo.InvariantCulture);

    private static bool HoldsAll(IEnumerable<Criterion> criteria, JsonObject row) =>
        criteria.All(criterion => criterion.AnyOf.Any(field => Holds(field, criterion.Condition, criterion.Value, row)));

    // As the API does: what stands first, joined from left to right with each child, by the child's own operator.
    private static bool Evaluate(JsonObject? node, JsonObject row)
    {
        if (node is null) return true;
        var result = Holds((string)node["field"]!, (string)node["condition"]!, (string?)node["value"], row);
        foreach (var child in node["children"]?.AsArray() ?? [])
        {
            var next = Evaluate(child!.AsObject(), row);
            result = (string)child["logical_operator"]! == "OR" ? result || next : result && next;
        }

        return result;
    }

    private static bool Holds(string field, string condition, string? value, JsonObject row)
    {
        JsonNode? found = row;
        foreach (var part in field.Split('.')) found = found is JsonObject record ? record[part] : null;
        if (value is null) return found is null;
        if (found is JsonObject time) found = time["value"];
        if (found is null) return false;
        var text = (string)found!;
        return condition switch
        {
            "is" => text.Equals(value, StringComparison.OrdinalIgnoreCase),
            "contains" => text.Contains(value, StringComparison.OrdinalIgnoreCase),
            "greater or equal" => long.Parse(text, CultureInfo.InvariantCulture) >= long.Parse(value, CultureInfo.InvariantCulture),
            "lesser than" => long.Parse(text, CultureInfo.InvariantCulture) < long.Parse(value, CultureInfo.InvariantCulture),
            _ => throw new NotSupportedException(condition),
        };
    }
}

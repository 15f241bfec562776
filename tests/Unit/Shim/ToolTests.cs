using System.Text.Json;
using Shouldly;
using Sidecar.Contract;
using Xunit;

namespace Sidecar.Tests.Unit.Shim;

public class ToolTests
{
    public static TheoryData<string> Names => [.. ShimTools.Catalogue.Tools.Select(tool => tool.Name)];

    [Theory, MemberData(nameof(Names))]
    public void A_tool_states_its_hints_its_title_and_what_it_does(string name)
    {
        var tool = ShimTools.Named(name);
        tool.Protocol.Title.ShouldNotBeNullOrWhiteSpace();
        tool.Protocol.Description.ShouldNotBeNullOrWhiteSpace();
        tool.Protocol.Description!.ShouldContain('.');
        var hints = tool.Protocol.Annotations!;
        hints.ReadOnlyHint.ShouldBe(tool.Operation.Access == Access.Read);
        hints.DestructiveHint.ShouldBe(tool.Operation.Access == Access.Destructive);
        hints.OpenWorldHint.ShouldBe(true);
        hints.IdempotentHint.ShouldNotBeNull();
    }

    [Theory, MemberData(nameof(Names))]
    public void Every_argument_says_what_it_is(string name)
    {
        var schema = ShimTools.Named(name).Protocol.InputSchema;
        schema.GetProperty("additionalProperties").GetBoolean().ShouldBeFalse();
        foreach (var property in schema.GetProperty("properties").EnumerateObject())
        {
            property.Value.GetProperty("description").GetString().ShouldNotBeNullOrWhiteSpace(property.Name);
            property.Value.GetProperty("type").ValueKind.ShouldBe(JsonValueKind.String, "models choke on unions of types");
        }
    }

    [Fact]
    public void Only_an_operation_that_sets_given_values_or_reads_is_called_idempotent()
    {
        ShimTools.Named("update_request").Protocol.Annotations!.IdempotentHint.ShouldBe(true);
        ShimTools.Named("create_request").Protocol.Annotations!.IdempotentHint.ShouldBe(false);
        ShimTools.Named("reply_to_requester").Protocol.Annotations!.IdempotentHint.ShouldBe(false);
    }

    [Fact]
    public void A_schema_carries_the_contracts_bounds_defaults_and_choices()
    {
        var list = ShimTools.Named("list_requests").Protocol.InputSchema.GetProperty("properties");
        var size = list.GetProperty("page_size");
        size.GetProperty("minimum").GetInt32().ShouldBe(1);
        size.GetProperty("maximum").GetInt32().ShouldBe(100);
        size.GetProperty("default").GetInt32().ShouldBe(25);
        var queue = list.GetProperty("queue");
        queue.GetProperty("enum").EnumerateArray().Select(choice => choice.GetString()).ShouldBe(["open", "mine", "unassigned", "overdue", "all"]);
        queue.GetProperty("default").GetString().ShouldBe("open");
        queue.GetProperty("description").GetString()!.ShouldContain("overdue: Unfinished requests whose due time has passed.");

        var reply = ShimTools.Named("reply_to_requester").Protocol.InputSchema;
        reply.GetProperty("required").EnumerateArray().Select(name => name.GetString()).ShouldBe(["request_id", "message"]);
        var cc = reply.GetProperty("properties").GetProperty("cc");
        cc.GetProperty("maxItems").GetInt32().ShouldBe(20);
        cc.GetProperty("items").GetProperty("pattern").GetString()!.ShouldStartWith("^");
    }
}

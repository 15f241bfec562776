using System.Text.RegularExpressions;
using Google.Protobuf.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Sidecar.Broker.Hosting;
using Sidecar.Broker.Operations;
using Sidecar.Broker.Transcoding;
using Sidecar.Contract;
using Xunit;

namespace Sidecar.Tests.Unit.Broker;

public partial class CatalogTests
{
    private static readonly string[] ListInfo = ["row_count", "page", "sort_field", "sort_order", "get_total_count", "has_more_rows", "total_count"];

    private static readonly string[] Toolsets = ["core", "people", "requests", "setup"];

    [Fact]
    public async Task Every_tool_is_one_call_or_one_class_and_every_class_has_its_rpc()
    {
        await using var app = BrokerServer.CreateBuilder(new ConfigurationBuilder()
            .AddInMemoryCollection([new("Credential:Source", "File"), new("Credential:Path", "/nowhere")]).Build()).Build();
        var classes = app.Services.GetServices<IOperation>().ToList();
        classes.Select(one => one.Rpc).ShouldBeUnique();
        foreach (var one in classes)
        {
            Catalog.Current.Operations.ShouldContain(operation => operation.Name == one.Rpc);
            one.GetType().Name.ShouldBe(one.Rpc);
        }

        typeof(IOperation).Assembly.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IOperation)))
            .ShouldBe(classes.Select(one => one.GetType()), ignoreOrder: true);
        // A class may make the rpc's own call among others; without either there is nothing to do.
        foreach (var operation in Catalog.Current.Operations) (operation.Call is not null || classes.Exists(one => one.Rpc == operation.Name)).ShouldBeTrue(operation.Name);
    }

    [Fact]
    public void Every_write_that_is_read_back_has_a_read_of_the_same_path()
    {
        var verified = Catalog.Current.Operations.Where(operation => operation.Call?.Verify == true).ToList();
        verified.ShouldNotBeEmpty();
        foreach (var operation in verified)
            Catalog.Current.Operations.ShouldContain(other => other.Call != null && other.Call.Get == operation.Call!.Put, operation.Name);
    }

    [Fact]
    public void Every_tool_says_what_it_is_and_what_it_needs()
    {
        Catalog.Current.Tools.Select(operation => operation.Tool!.Name).ShouldBeUnique();
        Catalog.Current.Operations.Select(operation => operation.Name).ShouldBeUnique();
        Catalog.Current.Toolsets.ShouldBe(Toolsets);
        foreach (var operation in Catalog.Current.Operations)
        {
            operation.Description.ShouldNotBeEmpty(operation.Name);
            if (operation.Tool is not { } tool) continue;
            ToolName().IsMatch(tool.Name).ShouldBeTrue(tool.Name);
            tool.Title.ShouldNotBeEmpty(tool.Name);
            tool.Access.ShouldNotBe(Access.Unspecified, tool.Name);
            if (tool.Toolset != "core") operation.Scopes.ShouldNotBeEmpty(tool.Name);
        }
    }

    [Fact]
    public void Every_call_has_a_scope_a_path_of_its_own_fields_and_a_key()
    {
        foreach (var (operation, onPrem) in Catalog.Current.Operations.Where(operation => operation.Call is not null).SelectMany(operation => new[] { (operation, false), (operation, true) }))
        {
            var (call, input) = (operation.CallAt(onPrem)!, operation.Descriptor.InputType);
            var (method, template) = PathTemplate.Of(call);
            (Scope().IsMatch(call.Scope)).ShouldBeTrue(operation.Name);
            (operation.Access == Access.Read).ShouldBe(method == HttpMethod.Get, operation.Name);
            (call.Wrap.Length > 0).ShouldBe(call.Rows.Length == 0, $"{operation.Name}: one key or rows");
            if (call.OrWrap.Length > 0) call.Wrap.ShouldNotBeEmpty(operation.Name);
            if (call.OrRows.Length > 0) call.OrPath.ShouldNotBeEmpty(operation.Name);
            if (call.Verify) method.ShouldBe(HttpMethod.Put, operation.Name);
            foreach (var path in new[] { template, call.OrPath }.Where(path => path.Length > 0))
            {
                path.ShouldStartWith("/");
                foreach (Match hole in Hole().Matches(path)) input.FindFieldByName(hole.Groups[1].Value)?.FieldType.ShouldBe(FieldType.String, $"{operation.Name} {hole}");
                Hole().Matches(path).Select(hole => hole.Value).ShouldBe(Hole().Matches(template).Select(hole => hole.Value), operation.Name);
                Hole().Matches(path).ShouldAllBe(hole => input.FindFieldByName(hole.Groups[1].Value) != null, operation.Name);
            }

            foreach (var constant in call.Always) Should.NotThrow(() => System.Text.Json.Nodes.JsonNode.Parse(constant.Json), operation.Name);
        }
    }

    [Fact]
    public void On_premises_a_call_is_otherwise_only_where_the_contract_says_so()
    {
        var note = Catalog.Current["AddNote"];
        (note.CallAt(onPrem: false)!.Wrap, note.CallAt(onPrem: true)!.Wrap).ShouldBe(("request_note", "note"));
        note.CallAt(onPrem: true)!.Always.ShouldBe(note.Call!.Always);
        Catalog.Current["ListMessages"].CallAt(onPrem: true)!.Get.ShouldBe("/requests/{request_id}/notes");
        foreach (var operation in Catalog.Current.Operations.Where(operation => operation.Call?.OnPrem is null))
            operation.CallAt(onPrem: true).ShouldBe(operation.Call, operation.Name);
    }

    [Fact]
    public void What_only_Cloud_can_do_says_why_and_what_to_do_in_its_place()
    {
        Catalog.Current.Operations.Where(operation => operation.CloudOnly is not null).Select(operation => operation.Name).ShouldBe(["ReplyToRequester", "SendFirstResponse"]);
        foreach (var operation in Catalog.Current.Operations.Where(operation => operation.CloudOnly is not null))
        {
            operation.CloudOnly!.Why.ShouldNotBeEmpty(operation.Name);
            operation.CloudOnly.Instead.ShouldEndWith(".", customMessage: operation.Name);
        }
    }

    [Fact]
    public void Everything_that_a_model_reads_is_described()
    {
        foreach (var type in Messages())
        {
            Catalog.Current.Describe(type).ShouldNotBeEmpty(type.FullName);
            foreach (var field in type.Fields.InFieldNumberOrder())
            {
                Catalog.Current.Describe(field).ShouldNotBeEmpty(field.FullName);
                if (field.FieldType != FieldType.Enum) continue;
                Catalog.Current.Describe(field.EnumType).ShouldNotBeEmpty(field.EnumType.FullName);
                foreach (var value in field.EnumType.Choices()) Catalog.Current.Describe(value).ShouldNotBeEmpty(value.FullName);
            }
        }
    }

    [Fact]
    public void Every_field_s_bounds_make_sense()
    {
        foreach (var field in Messages().SelectMany(type => type.Fields.InFieldNumberOrder()))
        {
            var bounds = field.Annotation();
            Should.NotThrow(() => bounds.PatternRegex(), field.FullName);
            if (bounds.Max != 0) bounds.Min.ShouldBeLessThanOrEqualTo(bounds.Max, field.FullName);
            if (bounds.ListInfo.Length > 0) ListInfo.ShouldContain(bounds.ListInfo, field.FullName);
            if (bounds.IdOf.Length > 0) Catalog.Current.Operations.ShouldContain(operation => operation.Call != null && operation.Call.Get == bounds.IdOf, field.FullName);
            foreach (var where in bounds.Where) where.AnyOf.ShouldNotBeEmpty(field.FullName);
            foreach (var lookup in bounds.Lookup) lookup.ShouldStartWith("/", customMessage: field.FullName);
            bounds.Lookup.Count.ShouldBeLessThanOrEqualTo(2, field.FullName);
        }
    }

    [Fact]
    public void Every_default_can_be_applied_and_lies_in_bounds()
    {
        foreach (var type in Catalog.Current.Operations.Select(operation => operation.Descriptor.InputType).Distinct())
        {
            var request = type.Parser.ParseFrom([]);
            Should.NotThrow(() => Defaults.Apply(request), type.FullName);
            var problems = new List<(string Field, string Problem)>();
            try
            {
                Validator.Check(request);
            }
            catch (FailureException failure)
            {
                problems.AddRange(failure.Failure.Fields);
            }

            problems.ShouldAllBe(problem => problem.Problem == "is required", type.FullName);
            foreach (var field in type.Fields.InFieldNumberOrder().Where(field => field.Annotation().Default.Length > 0)) Encoder.IsSet(request, field).ShouldBeTrue(field.FullName);
        }
    }

    // All messages that travel, once each; Google's own are described by Google.
    private static HashSet<MessageDescriptor> Messages()
    {
        var found = new HashSet<MessageDescriptor>();
        var todo = new Stack<MessageDescriptor>(Catalog.Current.Operations.SelectMany(operation => new[] { operation.Descriptor.InputType, operation.Descriptor.OutputType }));
        while (todo.TryPop(out var type))
        {
            if (type.FullName.StartsWith("google.", StringComparison.Ordinal) || !found.Add(type)) continue;
            foreach (var field in type.Fields.InFieldNumberOrder().Where(field => field.FieldType == FieldType.Message)) todo.Push(field.MessageType);
        }

        return found;
    }

    [GeneratedRegex(@"\{([^}]*)\}")]
    private static partial Regex Hole();

    [GeneratedRegex(@"^[a-z]+(_[a-z]+)*\z")]
    private static partial Regex ToolName();

    [GeneratedRegex(@"^SDPOnDemand\.[a-z]+\.(READ|CREATE|UPDATE|DELETE)\z")]
    private static partial Regex Scope();
}

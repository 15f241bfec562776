using ModelContextProtocol.Protocol;
using Sidecar.Contract;
using Sidecar.Shim.Arguments;
using Sidecar.Shim.Results;
using McpTool = ModelContextProtocol.Protocol.Tool;

namespace Sidecar.Shim.Tools;

/// <summary>One operation as clients see it, with what reads its arguments.</summary>
internal sealed class CatalogTool
{
    public CatalogTool(Catalog contract, Operation operation)
    {
        Operation = operation;
        Arguments = new ArgumentBinder(operation.Descriptor.InputType);
        Protocol = new McpTool
        {
            Name = operation.Tool!.Name,
            Title = operation.Tool.Title,
            Description = operation.Description,
            InputSchema = new InputSchema(contract).Of(operation.Descriptor.InputType),
            OutputSchema = new OutputSchema(contract).Of(operation.Descriptor.OutputType),
            Annotations = Hints(operation),
        };
    }

    public string Name => Protocol.Name;

    public Operation Operation { get; }

    public ArgumentBinder Arguments { get; }

    public McpTool Protocol { get; }

    private static ToolAnnotations Hints(Operation operation) => new()
    {
        Title = operation.Tool!.Title,
        ReadOnlyHint = operation.Access == Contract.Access.Read,
        DestructiveHint = operation.Access == Contract.Access.Destructive,

        // A PUT sets fields to given values. A POST adds once more each time; of an operation of several calls we cannot tell.
        IdempotentHint = operation.Access == Contract.Access.Read || operation.Call is { HttpCase: Call.HttpOneofCase.Put },
        OpenWorldHint = true,
    };
}

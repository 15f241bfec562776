using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;

namespace Sidecar.Contract;

/// <summary>One rpc of the contract: how it looks to a model, how it is done, and how it travels over gRPC.</summary>
public sealed class Operation
{
    private readonly Call? _onPrem;

    internal Operation(MethodDescriptor method, string description)
    {
        Descriptor = method;
        Description = description;
        var options = method.GetOptions();
        Tool = options?.GetExtension(AnnotationsExtensions.Tool);
        Call = options?.GetExtension(AnnotationsExtensions.Call);
        _onPrem = OnPrem(Call);
        CloudOnly = options?.GetExtension(AnnotationsExtensions.CloudOnly);
        Scopes =
        [
            .. Call is { Scope.Length: > 0 } call ? [call.Scope] : Array.Empty<string>(),
            .. options?.GetExtension(AnnotationsExtensions.Scopes) ?? [],
        ];
        Grpc = new Method<IMessage, IMessage>(
            MethodType.Unary, method.Service.FullName, method.Name, MarshallerOf(method.InputType), MarshallerOf(method.OutputType));
    }

    /// <summary>The rpc.</summary>
    public MethodDescriptor Descriptor { get; }

    /// <summary>Name of the rpc alone, such as <c>CreateRequest</c>.</summary>
    public string Name => Descriptor.Name;

    /// <summary>Name of the tool, or of the rpc where there is none: what people know the operation by.</summary>
    public string DisplayName => Tool?.Name ?? Name;

    /// <summary>What the rpc's comment in the contract says.</summary>
    public string Description { get; }

    /// <summary>How it looks to a model; null for an rpc that is no tool.</summary>
    public Tool? Tool { get; }

    /// <summary>How it is done at ServiceDesk Plus; null where it is more than one call.</summary>
    public Call? Call { get; }

    /// <summary>Why it cannot be done on premises; null where it can.</summary>
    public CloudOnly? CloudOnly { get; }

    /// <summary>OAuth scopes it needs; an instance on premises knows none.</summary>
    public IReadOnlyList<string> Scopes { get; }

    /// <summary>What it may do. A step without a tool is as harmful as its HTTP method.</summary>
    public Access Access => Tool?.Access ?? (Call is { HttpCase: not Call.HttpOneofCase.Get } ? Access.Write : Access.Read);

    /// <summary>The gRPC method, for a client or a server that knows the operation only through the catalogue.</summary>
    public Method<IMessage, IMessage> Grpc { get; }

    /// <summary>How it is done at an instance of that edition.</summary>
    public Call? CallAt(bool onPrem) => onPrem ? _onPrem : Call;

    /// <summary>An empty request of the operation.</summary>
    public IMessage NewRequest() => Descriptor.InputType.Parser.ParseFrom(ByteString.Empty);

    private static Call? OnPrem(Call? call)
    {
        if (call?.OnPrem is not { } own) return call;
        var merged = call.Clone();
        merged.OnPrem = null;
        merged.MergeFrom(own);
        return merged;
    }

    private static Marshaller<IMessage> MarshallerOf(MessageDescriptor type) => Marshallers.Create<IMessage>(
        (message, context) =>
        {
            context.SetPayloadLength(message.CalculateSize());
            message.WriteTo(context.GetBufferWriter());
            context.Complete();
        },
        context => type.Parser.ParseFrom(context.PayloadAsReadOnlySequence()));
}

using Google.Protobuf.Reflection;

namespace Sidecar.Contract;

/// <summary>
/// The contract as data: every operation with its comments, read once from the descriptors. Tools, schemas, scopes,
/// policy and HTTP binding all come from here.
/// </summary>
public sealed class Catalog
{
    private static readonly FileDescriptor[] Files =
    [
        BrokerReflection.Descriptor,
        Sdp.RequestsReflection.Descriptor,
        Sdp.NotesReflection.Descriptor,
        Sdp.ConversationsReflection.Descriptor,
        Sdp.PeopleReflection.Descriptor,
        Sdp.SetupReflection.Descriptor,
    ];

    private readonly Comments _comments = new(typeof(Catalog).Assembly);
    private readonly Dictionary<string, Operation> _byRpc;

    private Catalog()
    {
        Operations = [.. Files.SelectMany(file => file.Services).SelectMany(service => service.Methods)
            .Select(method => new Operation(method, _comments.Of(method)))];
        Tools = [.. Operations.Where(operation => operation.Tool is not null)];
        Toolsets = [.. Tools.Select(operation => operation.Tool!.Toolset).Distinct().Order(StringComparer.Ordinal)];
        _byRpc = Operations.ToDictionary(operation => operation.Name);
    }

    /// <summary>The contract this program was built with.</summary>
    public static Catalog Current { get; } = new();

    /// <summary>Every rpc, in the order of the contract.</summary>
    public IReadOnlyList<Operation> Operations { get; }

    /// <summary>The rpcs that a model sees, in the order of the contract.</summary>
    public IReadOnlyList<Operation> Tools { get; }

    /// <summary>Names of all toolsets.</summary>
    public IReadOnlyList<string> Toolsets { get; }

    /// <summary>The operation with that rpc name, such as <c>GetRequest</c>.</summary>
    public Operation this[string rpc] => _byRpc[rpc];

    /// <summary>The operation that reads that path, such as <c>/requests/{request_id}</c>.</summary>
    public Operation ReadOf(string path) => Operations.First(operation => operation.Call?.Get == path);

    /// <summary>What the contract's comment says of a message, field, enum or value; empty where it says nothing.</summary>
    public string Describe(IDescriptor descriptor) => _comments.Of(descriptor);
}

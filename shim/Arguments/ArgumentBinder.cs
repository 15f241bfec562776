using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Sidecar.Contract;

namespace Sidecar.Shim.Arguments;

/// <summary>Reads the arguments of a call into the operation's request, and collects everything that is wrong with them.</summary>
internal sealed class ArgumentBinder(MessageDescriptor type)
{
    private const int MaxArguments = 100;

    private readonly Dictionary<string, FieldBinder> _fields =
        type.Fields.InFieldNumberOrder().ToDictionary(
            field => field.Name, field => new FieldBinder(field, Clearing(type)), StringComparer.Ordinal);

    public BoundArguments Bind(IDictionary<string, JsonElement>? arguments)
    {
        var message = type.Parser.ParseFrom(ByteString.Empty);
        var problems = new List<string>();
        // So many are no slip of a model; naming every one would only make a large answer.
        if (arguments?.Count > MaxArguments) return new BoundArguments(message, [$"there are {arguments.Count} arguments; at most {MaxArguments} are read."]);
        foreach (var (name, value) in arguments ?? new Dictionary<string, JsonElement>())
        {
            if (_fields.TryGetValue(name, out var field)) field.Bind(value, message, problems);
            else problems.Add(Unknown(name));
        }

        foreach (var (name, field) in _fields)
            if (field.IsRequired && (arguments?.TryGetValue(name, out var given) != true || IsMissing(given)))
                problems.Add($"{name}: is required.");

        return new BoundArguments(message, problems);
    }

    // The field that names others to be emptied, if the operation has one.
    private static string? Clearing(MessageDescriptor type) =>
        type.Fields.InFieldNumberOrder().FirstOrDefault(field => field.Annotation().Clears)?.Name;

    private static bool IsMissing(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => true,
        JsonValueKind.String => value.ValueEquals(""),
        JsonValueKind.Array => value.GetArrayLength() == 0,
        _ => false,
    };

    private string Unknown(string name) => Nearest.To(name, _fields.Keys) is { } nearest
        ? $"{Words.Quote(name)} is no argument of this tool; {nearest} is."
        : _fields.Count == 0
            ? $"{Words.Quote(name)} is no argument of this tool; it takes none."
            : $"{Words.Quote(name)} is no argument of this tool; it takes {string.Join(", ", _fields.Keys)}.";
}

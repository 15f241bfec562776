using System.Text.Json;

namespace Sidecar.Shim.Arguments;

/// <summary>true or false; models also write them as text.</summary>
internal sealed class BoolReader : ValueReader
{
    public override ReadValue Read(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => ReadValue.Of(true),
        JsonValueKind.False => ReadValue.Of(false),
        JsonValueKind.String when bool.TryParse(Words.TextOf(value), out var truth) => ReadValue.Of(truth),
        _ => Expected("true or false", value),
    };
}

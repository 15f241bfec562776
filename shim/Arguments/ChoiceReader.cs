using System.Text.Json;
using Google.Protobuf.Reflection;
using Sidecar.Contract;
using Enum = System.Enum;

namespace Sidecar.Shim.Arguments;

/// <summary>One of an enum's plain names, in any case, with spaces or dashes for underscores.</summary>
internal sealed class ChoiceReader(EnumDescriptor type) : ValueReader
{
    private readonly Dictionary<string, object> _choices =
        type.Choices().ToDictionary(choice => choice.PlainName(), choice => Enum.ToObject(type.ClrType, choice.Number));

    public override ReadValue Read(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String || Words.TextOf(value) is not { } text) return Expected($"one of {Names}", value);
        if (text.Length == 0) return default;

        var plain = text.Trim().ToLowerInvariant().Replace(' ', '_').Replace('-', '_');
        if (_choices.TryGetValue(plain, out var choice)) return ReadValue.Of(choice);

        var hint = Nearest.To(plain, _choices.Keys) is { } nearest ? $" Is {nearest} meant?" : "";
        return ReadValue.Bad($"{Words.Quote(text)} is none of {Names}.{hint}");
    }

    private string Names => string.Join(", ", _choices.Keys);
}

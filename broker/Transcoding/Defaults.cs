using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Sidecar.Contract;

namespace Sidecar.Broker.Transcoding;

/// <summary>Gives absent fields the value that the contract says an absent field means.</summary>
internal static class Defaults
{
    public static void Apply(IMessage request)
    {
        foreach (var field in request.Descriptor.Fields.InFieldNumberOrder())
            if (field.Annotation().Default is { Length: > 0 } text && !Encoder.IsSet(request, field))
                field.Accessor.SetValue(request, Parse(field, text));
    }

    private static object Parse(FieldDescriptor field, string text) => field.FieldType switch
    {
        FieldType.String => text,
        FieldType.Bool => bool.Parse(text),
        FieldType.Int32 => int.Parse(text, CultureInfo.InvariantCulture),
        // Accessors take an enum's number.
        FieldType.Enum => field.EnumType.Choices().Single(value => value.PlainName() == text).Number,
        _ => throw new InvalidOperationException($"The contract gives {field.FullName} a default that its type cannot have."),
    };
}

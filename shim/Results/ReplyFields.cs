using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Sidecar.Shim.Results;

/// <summary>Which fields an answer always has. Writer and schema both ask here: strict clients reject an answer without a required member.</summary>
internal static class ReplyFields
{
    public static bool IsAlwaysWritten(this FieldDescriptor field) => field.IsRepeated || (!field.HasPresence && field.FieldType switch
    {
        FieldType.Bool or FieldType.Int32 or FieldType.Int64 or FieldType.UInt32 or FieldType.Double => true,

        // An empty text or an unspecified choice means that ServiceDesk Plus said nothing.
        _ => false,
    });

    /// <summary>True if the field is to be written; the value may be a default.</summary>
    public static bool IsWritten(this FieldDescriptor field, IMessage message) => field.IsAlwaysWritten()
        || (field.HasPresence
            ? field.Accessor.HasValue(message)
            : field.FieldType == FieldType.Enum ? (int)field.Accessor.GetValue(message) != 0 : (string)field.Accessor.GetValue(message) != "");
}

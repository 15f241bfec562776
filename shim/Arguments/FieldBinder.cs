using System.Collections;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Sidecar.Contract;

namespace Sidecar.Shim.Arguments;

/// <summary>Reads one argument into its field.</summary>
internal sealed class FieldBinder(FieldDescriptor field, string? clearing)
{
    private readonly ValueReader _reader = ValueReader.For(field);
    private readonly int _mostItems = field.Annotation().MaxItems;

    public bool IsRequired { get; } = field.IsRequiredByContract();

    public void Bind(JsonElement value, IMessage message, List<string> problems)
    {
        // Some clients send every argument they know of, with null for the ones they do not mean.
        if (value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined) return;

        // Elsewhere an empty text is one more way to leave it out. Where fields can be emptied it may well be meant: doing
        // nothing would then pass for done.
        if (clearing is not null && value.ValueKind == JsonValueKind.String && value.ValueEquals("") && !IsRequired)
        {
            problems.Add($"{field.Name}: is empty. Leave it out to keep the value, or name it in {clearing} to empty the field.");
            return;
        }

        if (field.IsRepeated) BindList(value, (IList)field.Accessor.GetValue(message), problems);
        else if (Read(field.Name, value, problems) is { } read) field.Accessor.SetValue(message, read);
    }

    private void BindList(JsonElement value, IList list, List<string> problems)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            // One item without the brackets around it.
            if (value.ValueKind == JsonValueKind.String && value.ValueEquals("")) return;
            if (Read(field.Name, value, problems) is { } only) list.Add(only);
            return;
        }

        if (_mostItems > 0 && value.GetArrayLength() > _mostItems)
        {
            problems.Add($"{field.Name}: has {value.GetArrayLength()} items; at most {_mostItems} are accepted.");
            return;
        }

        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            var name = $"{field.Name}[{index++}]";
            if (item.ValueKind == JsonValueKind.String && item.ValueEquals("")) problems.Add($"{name}: is empty.");
            else if (Read(name, item, problems) is { } read) list.Add(read);
        }
    }

    private object? Read(string name, JsonElement value, List<string> problems)
    {
        var read = _reader.Read(value);
        if (read.Problem is { } problem) problems.Add($"{name}: {problem}");
        return read.Value;
    }
}

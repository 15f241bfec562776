using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;
using Google.Api;
using Google.Protobuf.Reflection;

namespace Sidecar.Contract;

/// <summary>Reads the contract's options of fields and enum values.</summary>
public static class FieldExtensions
{
    private static readonly Field NoField = new();
    private static readonly Choice NoChoice = new();
    private static readonly ConcurrentDictionary<string, Regex> Patterns = new();

    /// <summary>How the field is bounded and spelled.</summary>
    public static Field Annotation(this FieldDescriptor field) =>
        field.GetOptions()?.GetExtension(AnnotationsExtensions.Field) ?? NoField;

    /// <summary>
    /// The pattern as JSON Schema means it, null where there is none: <c>$</c> is the end of the text, where .NET would let
    /// a line break follow.
    /// </summary>
    public static Regex? PatternRegex(this Field field) => field.Pattern.Length == 0
        ? null
        : Patterns.GetOrAdd(field.Pattern, pattern => new Regex(EndOfText(pattern), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant));

    /// <summary>True if a caller has to give it.</summary>
    public static bool IsRequiredByContract(this FieldDescriptor field) =>
        field.GetOptions()?.GetExtension(FieldBehaviorExtensions.FieldBehavior)?.Contains(FieldBehavior.Required) == true;

    /// <summary>What the value stands for.</summary>
    public static Choice Annotation(this EnumValueDescriptor value) =>
        value.GetOptions()?.GetExtension(AnnotationsExtensions.Choice) ?? NoChoice;

    /// <summary>The value as people write it: <c>QUEUE_OPEN</c> of <c>Queue</c> is "open".</summary>
    public static string PlainName(this EnumValueDescriptor value)
    {
        var prefix = value.EnumDescriptor.FindValueByNumber(0).Name[..^"UNSPECIFIED".Length];
        return (value.Name.StartsWith(prefix, StringComparison.Ordinal) ? value.Name[prefix.Length..] : value.Name).ToLowerInvariant();
    }

    /// <summary>The values a caller may name: all but the unspecified one.</summary>
    public static IEnumerable<EnumValueDescriptor> Choices(this EnumDescriptor type) => type.Values.Where(value => value.Number != 0);

    private static string EndOfText(string pattern)
    {
        var text = new StringBuilder();
        var inSet = false;
        for (var i = 0; i < pattern.Length; i++)
        {
            var character = pattern[i];
            if (character == '\\' && i + 1 < pattern.Length) text.Append(character).Append(pattern[++i]);
            else if (character == '$' && !inSet) text.Append(@"\z");
            else text.Append(character);
            inSet = character == '[' || (inSet && character != ']');
        }

        return text.ToString();
    }
}

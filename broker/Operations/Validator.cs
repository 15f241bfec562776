using System.Collections;
using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Sidecar.Broker.Transcoding;
using Sidecar.Contract;
using Enum = System.Enum;

namespace Sidecar.Broker.Operations;

/// <summary>Holds a request against the contract and names everything that does not fit, before anything is sent.</summary>
internal static class Validator
{
    public static void Check(IMessage request)
    {
        var problems = request.Descriptor.Fields.InFieldNumberOrder().SelectMany(field => Problems(request, field)).ToList();
        if (problems.Count == 0) return;
        throw new FailureException(new Failure(
            StatusCode.InvalidArgument, "INVALID_ARGUMENT", string.Join(" ", problems.Select(problem => $"{problem.Field}: {problem.Problem}.")))
        {
            Fields = problems,
            Next = "Correct the arguments and try again.",
        });
    }

    private static IEnumerable<(string Field, string Problem)> Problems(IMessage request, FieldDescriptor field)
    {
        var annotation = field.Annotation();
        if (!Encoder.IsSet(request, field))
        {
            if (field.IsRequiredByContract()) yield return (field.Name, "is required");
            yield break;
        }

        var value = field.Accessor.GetValue(request);
        if (value is int or long && annotation.Max != 0 && Convert.ToInt64(value, CultureInfo.InvariantCulture) is var number && (number < annotation.Min || number > annotation.Max))
            yield return (field.Name, $"must be from {annotation.Min} to {annotation.Max}");
        // A newer contract may have more choices than this one.
        if (value is Enum && field.EnumType.FindValueByNumber(Convert.ToInt32(value, CultureInfo.InvariantCulture)) is null)
            yield return (field.Name, "is none of the choices");
        if (value is Struct fields && fields.Fields.Values.Any(HasNoNumber)) yield return (field.Name, "holds a number that is none");
        if (field.IsRepeated && annotation.MaxItems > 0 && ((ICollection)value).Count > annotation.MaxItems)
            yield return (field.Name, $"has more than {annotation.MaxItems} items");
        if (annotation.IdOf.Length > 0 && !RequestNumber.TryParse((string)value, out _, out _))
            yield return (field.Name, "is neither a number such as 33903 or #33903 nor a long id");

        foreach (var text in value is string one ? [one] : value as IEnumerable<string> ?? [])
        {
            // Characters, as the schema counts them, not UTF-16 units.
            // A field of one line: a line break in it could end a header or forge a line somewhere behind.
            if (annotation is { As: not Form.Text, MaxLength: > 0 and <= 250 } && text.Any(char.IsControl)) yield return (field.Name, "holds a line break or another control character");
            if (annotation.MaxLength > 0 && text.Length > annotation.MaxLength && text.EnumerateRunes().Count() is var length && length > annotation.MaxLength)
                yield return (field.Name, $"is {length} characters long; at most {annotation.MaxLength} are accepted");
            if (annotation.PatternRegex()?.IsMatch(text) == false)
                yield return (field.Name, "does not have the form that is expected");
            if (annotation.Clears && !IsClearable(request, text)) yield return (field.Name, $"names {Quote(text)}, which is no field that can be emptied");
            else if (annotation.Clears && Encoder.IsSet(request, request.Descriptor.FindFieldByName(text))) yield return (field.Name, $"names {Quote(text)}, which is also given a value");
            if (field.IsRequiredByContract() && string.IsNullOrWhiteSpace(text)) yield return (field.Name, "is empty");
        }
    }

    private static bool IsClearable(IMessage request, string name) =>
        request.Descriptor.FindFieldByName(name) is { } field && field.IsInBody() && !field.IsRequiredByContract();

    // JSON cannot spell NaN and the infinities; protobuf can.
    private static bool HasNoNumber(Value value) => value.KindCase switch
    {
        Value.KindOneofCase.NumberValue => !double.IsFinite(value.NumberValue),
        Value.KindOneofCase.ListValue => value.ListValue.Values.Any(HasNoNumber),
        Value.KindOneofCase.StructValue => value.StructValue.Fields.Values.Any(HasNoNumber),
        _ => false,
    };

    private static string Quote(string text) => $"\"{PlainText.Cut(text, 60)}\"";
}

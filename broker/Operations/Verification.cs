using Google.Protobuf;
using Google.Protobuf.Collections;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Sidecar.Broker.Transcoding;
using Sidecar.Contract;

namespace Sidecar.Broker.Operations;

/// <summary>Compares what a write asked for with what the record says afterwards.</summary>
internal static class Verification
{
    // Instances keep times by the minute.
    private static readonly TimeSpan TimeTolerance = TimeSpan.FromMinutes(1);

    /// <summary>The fields that are not as asked, with what they are.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="record">What the record says now.</param>
    /// <param name="isProof">
    /// True if the record alone has to prove the change, because no answer did: then what cannot be compared is a
    /// difference.
    /// </param>
    public static List<(string Field, string Problem)> Differences(IMessage request, IMessage record, bool isProof = false)
    {
        var differences = new List<(string, string)>();
        foreach (var (asked, kept) in Pairs(request, record))
        {
            if (asked.Accessor.GetValue(request) is Struct fields) differences.AddRange(Missing(asked.Name, fields, kept.Accessor.GetValue(record) as Struct, isProof));
            else if (Problem(asked, asked.Accessor.GetValue(request), kept, record, isProof) is { } problem) differences.Add((asked.Name, problem));
        }

        foreach (var name in Cleared(request))
            if (record.Descriptor.FindFieldByName(name) is { } kept && Encoder.IsSet(record, kept)) differences.Add((name, "is not empty"));
        return differences;
    }

    /// <summary>How many fields the request asked to change, of those that can be compared.</summary>
    public static int CountAsked(IMessage request) =>
        request.Descriptor.Fields.InFieldNumberOrder().Count(field => field.IsInBody() && Encoder.IsSet(request, field)) + Cleared(request).Count();

    public static Failure NotApplied(List<(string Field, string Problem)> differences, int asked) => new(
        StatusCode.FailedPrecondition,
        "NOT_APPLIED",
        $"ServiceDesk Plus answered success but did not do it: {string.Join("; ", differences.Select(difference => $"{difference.Field} {difference.Problem}"))}.")
    {
        Changed = differences.Count < asked ? Changed.Partly : Changed.Nothing,
        Fields = differences,
        Next = "Most instances want a resolution before Resolved, and close_request for closing. Check what is missing, then try again.",
    };

    private static IEnumerable<(FieldDescriptor Asked, FieldDescriptor Kept)> Pairs(IMessage request, IMessage record) =>
        from asked in request.Descriptor.Fields.InFieldNumberOrder()
        where asked.IsInBody() && Encoder.IsSet(request, asked)
        let kept = record.Descriptor.FindFieldByName(asked.Name)
        where kept is not null
        select (asked, kept);

    private static IEnumerable<string> Cleared(IMessage request) =>
        request.Descriptor.Fields.InFieldNumberOrder().Where(field => field.Annotation().Clears)
            .SelectMany(field => (RepeatedField<string>)field.Accessor.GetValue(request));

    private static string? Problem(FieldDescriptor asked, object wanted, FieldDescriptor kept, IMessage record, bool isProof)
    {
        var found = Encoder.IsSet(record, kept) ? kept.Accessor.GetValue(record) : null;
        return (wanted, found) switch
        {
            (_, null) => "is still empty",
            // Instances clean HTML in ways of their own, so text is there or it is not.
            (string text, string now) when asked.Annotation().As == Form.Text => !isProof || Words(text) == Words(now) ? null : "reads otherwise",
            (string text, string now) => Same(text, now) ? null : $"is still {Quote(now)}",
            (string text, IMessage person) => Texts(person).Any(part => Same(text, part)) ? null : $"is still {Quote(Texts(person).LastOrDefault() ?? "")}",
            (Timestamp time, Timestamp now) => (time.ToDateTimeOffset() - now.ToDateTimeOffset()).Duration() < TimeTolerance ? null : $"is still {now.ToDateTimeOffset():u}",
            _ => isProof ? "cannot be compared" : null,
        };
    }

    private static IEnumerable<(string Field, string Problem)> Missing(string name, Struct asked, Struct? kept, bool isProof)
    {
        foreach (var (key, wanted) in asked.Fields)
        {
            var isThere = kept?.Fields.ContainsKey(key) == true;
            var isEmpty = wanted.KindCase is Value.KindOneofCase.NullValue or Value.KindOneofCase.None || wanted is { KindCase: Value.KindOneofCase.StringValue, StringValue: "" };
            if (isEmpty && isThere) yield return ($"{name}.{key}", "is not empty");
            // No and nought may be kept as nothing.
            else if (!isEmpty && !isThere && wanted is not ({ KindCase: Value.KindOneofCase.BoolValue, BoolValue: false } or { KindCase: Value.KindOneofCase.NumberValue, NumberValue: 0 }))
                yield return ($"{name}.{key}", "is still empty");
            else if (isProof && !isEmpty && !wanted.Equals(kept?.Fields.GetValueOrDefault(key))) yield return ($"{name}.{key}", "reads otherwise");
        }
    }

    private static string Words(string text) => string.Join(' ', text.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries));

    private static bool Same(string left, string right) => string.Equals(left.Trim(), right.Trim(), StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<string> Texts(IMessage person) => person.Descriptor.Fields.InFieldNumberOrder()
        .Select(field => field.Accessor.GetValue(person)).OfType<string>().Where(text => text.Length > 0);

    private static string Quote(string text) => $"\"{PlainText.Cut(text, 100)}\"";
}

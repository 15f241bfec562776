using Google.Protobuf;
using Google.Protobuf.Collections;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Sidecar.Broker.Transcoding;
using Sidecar.Contract;

namespace Sidecar.Broker.Operations;

/// <summary>Compares what a write asked for with what the record said before and says afterwards.</summary>
/// <param name="request">What was asked for.</param>
/// <param name="before">The record before the write.</param>
/// <param name="now">The record after it.</param>
internal sealed class Verification(IMessage request, IMessage before, IMessage now)
{
    // Instances keep times by the minute.
    private static readonly TimeSpan TimeTolerance = TimeSpan.FromMinutes(1);

    /// <summary>The fields that are not as asked, with what they are.</summary>
    /// <param name="isProof">
    /// True if the record alone has to prove the change, because no answer did: then what cannot be compared is a
    /// difference. Otherwise a difference has to be shown.
    /// </param>
    public List<(string Field, string Problem)> Differences(bool isProof)
    {
        var differences = new List<(string, string)>();
        foreach (var asked in Asked)
        {
            var kept = now.Descriptor.FindFieldByName(asked.Name);
            if (kept is null)
            {
                if (isProof) differences.Add((asked.Name, "cannot be compared"));
            }
            else if (asked.Accessor.GetValue(request) is Struct fields)
            {
                differences.AddRange(CustomFieldProblems(asked.Name, fields, kept, isProof));
            }
            else if (Problem(asked, kept, isProof) is { } problem)
            {
                differences.Add((asked.Name, problem));
            }
        }

        foreach (var name in Cleared)
            if (now.Descriptor.FindFieldByName(name) is { } kept && Encoder.IsSet(now, kept)) differences.Add((name, "is not empty"));
        return differences;
    }

    /// <summary>Whether any of the fields asked about is another than before.</summary>
    public Changed Extent => Asked.Select(one => one.Name).Concat(Cleared)
        .Select(now.Descriptor.FindFieldByName)
        .Any(kept => kept is not null && !Equals(kept.Accessor.GetValue(before), kept.Accessor.GetValue(now)))
        ? Changed.Partly : Changed.Nothing;

    /// <summary>The failure of a write that was answered with success.</summary>
    public Failure NotApplied(List<(string Field, string Problem)> differences) => new(
        StatusCode.FailedPrecondition,
        "NOT_APPLIED",
        $"ServiceDesk Plus answered success but did not do it: {string.Join("; ", differences.Select(difference => $"{difference.Field} {difference.Problem}"))}.")
    {
        Changed = Extent,
        Fields = differences,
        Next = "Most instances want a resolution before Resolved, and close_request for closing. Check what is missing, then try again.",
    };

    private IEnumerable<FieldDescriptor> Asked =>
        request.Descriptor.Fields.InFieldNumberOrder().Where(asked => asked.IsInBody() && Encoder.IsSet(request, asked));

    private IEnumerable<string> Cleared =>
        request.Descriptor.Fields.InFieldNumberOrder().Where(clearing => clearing.Annotation().Clears)
            .SelectMany(clearing => (RepeatedField<string>)clearing.Accessor.GetValue(request));

    private string? Problem(FieldDescriptor asked, FieldDescriptor kept, bool isProof)
    {
        if (!Encoder.IsSet(now, kept)) return "is empty";
        var (wanted, found) = (asked.Accessor.GetValue(request), kept.Accessor.GetValue(now));
        var isUnchanged = Equals(kept.Accessor.GetValue(before), found);
        var isNow = isUnchanged ? "is still" : "is";
        return (wanted, found) switch
        {
            // Instances clean HTML in ways of their own: equal words prove a change, and the old words that it was not made.
            (string text, string there) when asked.Annotation().As == Form.Text =>
                Same(text, there) ? null : isUnchanged ? "is unchanged" : isProof ? "reads otherwise" : null,
            (string text, string there) => Same(text, there) ? null : $"{isNow} {Quote.Text(there, 100)}",
            (string text, IMessage person) => Texts(person).Any(part => Same(text, part)) ? null
                : $"{isNow} {Quote.Text(Texts(person).LastOrDefault() ?? "", 100)}",
            (Timestamp time, Timestamp there) => (time.ToDateTimeOffset() - there.ToDateTimeOffset()).Duration() < TimeTolerance ? null
                : $"{isNow} {there.ToDateTimeOffset():u}",
            _ => isProof ? "cannot be compared" : null,
        };
    }

    private IEnumerable<(string Field, string Problem)> CustomFieldProblems(string name, Struct asked, FieldDescriptor kept, bool isProof)
    {
        var (old, there) = (kept.Accessor.GetValue(before) as Struct, kept.Accessor.GetValue(now) as Struct);
        foreach (var (key, wanted) in asked.Fields)
        {
            var found = there?.Fields.GetValueOrDefault(key);
            var problem = (IsEmpty(wanted), found) switch
            {
                (true, null) => null,
                (true, _) => "is not empty",
                // No and nought may be kept as nothing.
                (_, null) => wanted is { KindCase: Value.KindOneofCase.BoolValue, BoolValue: false } or { KindCase: Value.KindOneofCase.NumberValue, NumberValue: 0 }
                    ? null : "is empty",
                _ when wanted.Equals(found) => null,
                // Dates and choices have several spellings, so being different alone proves nothing.
                _ when found.Equals(old?.Fields.GetValueOrDefault(key)) && wanted.KindCase == found.KindCase && !CustomFields.IsDate(key) => "is unchanged",
                _ => isProof ? "reads otherwise" : null,
            };
            if (problem is not null) yield return ($"{name}.{key}", problem);
        }
    }

    private static bool IsEmpty(Value value) =>
        value.KindCase is Value.KindOneofCase.NullValue or Value.KindOneofCase.None || value is { KindCase: Value.KindOneofCase.StringValue, StringValue: "" };

    // Instances trim, and fold spaces.
    private static bool Same(string left, string right) => string.Equals(Words(left), Words(right), StringComparison.OrdinalIgnoreCase);

    private static string Words(string text) => string.Join(' ', text.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries));

    private static IEnumerable<string> Texts(IMessage person) => person.Descriptor.Fields.InFieldNumberOrder()
        .Select(field => field.Accessor.GetValue(person)).OfType<string>().Where(text => text.Length > 0);
}

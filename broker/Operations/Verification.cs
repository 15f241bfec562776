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
    /// <param name="record">The record afterwards.</param>
    /// <param name="strict">Count what cannot be compared for certain as different.</param>
    public static List<(string Field, string Problem)> Differences(IMessage request, IMessage record, bool strict)
    {
        var differences = new List<(string, string)>();
        foreach (var asked in Asked(request))
        {
            var kept = record.Descriptor.FindFieldByName(asked.Name);
            var problem = kept is not null ? Problem(asked, asked.Accessor.GetValue(request), kept, record, strict)
                : strict ? "cannot be compared" : null;
            if (problem is not null) differences.Add((asked.Name, problem));
        }

        foreach (var name in Cleared(request))
            if (record.Descriptor.FindFieldByName(name) is { } kept && Encoder.IsSet(record, kept)) differences.Add((name, "is not empty"));
        return differences;
    }

    /// <summary>How much of the request was done, if these fields are different.</summary>
    public static Changed Extent(List<(string Field, string Problem)> differences, IMessage request) =>
        differences.Count < Asked(request).Count() + Cleared(request).Count() ? Changed.Partly : Changed.Nothing;

    public static Failure NotApplied(List<(string Field, string Problem)> differences, IMessage request) => new(
        StatusCode.FailedPrecondition,
        "NOT_APPLIED",
        $"ServiceDesk Plus answered success but did not do it: {string.Join("; ", differences.Select(difference => $"{difference.Field} {difference.Problem}"))}.")
    {
        Changed = Extent(differences, request),
        Fields = differences,
        Next = "Most instances want a resolution before Resolved, and close_request for closing. Check what is missing, then try again.",
    };

    private static IEnumerable<FieldDescriptor> Asked(IMessage request) =>
        request.Descriptor.Fields.InFieldNumberOrder().Where(field => field.IsInBody() && Encoder.IsSet(request, field));

    private static IEnumerable<string> Cleared(IMessage request) =>
        request.Descriptor.Fields.InFieldNumberOrder().Where(field => field.Annotation().Clears)
            .SelectMany(field => (RepeatedField<string>)field.Accessor.GetValue(request));

    private static string? Problem(FieldDescriptor asked, object wanted, FieldDescriptor kept, IMessage record, bool strict)
    {
        var found = Encoder.IsSet(record, kept) ? kept.Accessor.GetValue(record) : null;
        return (wanted, found) switch
        {
            (_, null) => "is still empty",
            // Instances clean HTML in ways of their own: equal words prove that it was written, other words do not prove that it was not.
            (string text, string now) when asked.Annotation().As == Form.Text => !strict || Words(text) == Words(now) ? null : "cannot be told apart from what was there",
            (string text, string now) => Same(text, now) ? null : $"is still {Quote(now)}",
            (string text, IMessage person) => Texts(person).Any(part => Same(text, part)) ? null : $"is still {Quote(Texts(person).LastOrDefault() ?? "")}",
            (Timestamp time, Timestamp now) => (time.ToDateTimeOffset() - now.ToDateTimeOffset()).Duration() < TimeTolerance ? null : $"is still {now.ToDateTimeOffset():u}",
            _ => strict ? "cannot be compared" : null,
        };
    }

    private static string Words(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static bool Same(string left, string right) => string.Equals(left.Trim(), right.Trim(), StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<string> Texts(IMessage person) => person.Descriptor.Fields.InFieldNumberOrder()
        .Select(field => field.Accessor.GetValue(person)).OfType<string>().Where(text => text.Length > 0);

    private static string Quote(string text) => $"\"{(text.Length > 100 ? text[..100] : text)}\"";
}

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
    public static List<(string Field, string Problem)> Differences(IMessage request, IMessage record)
    {
        var differences = new List<(string, string)>();
        foreach (var (asked, kept) in Pairs(request, record))
            if (Problem(asked, asked.Accessor.GetValue(request), kept, record) is { } problem) differences.Add((asked.Name, problem));

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

    private static string? Problem(FieldDescriptor asked, object wanted, FieldDescriptor kept, IMessage record)
    {
        var found = Encoder.IsSet(record, kept) ? kept.Accessor.GetValue(record) : null;
        return (wanted, found) switch
        {
            (_, null) => "is still empty",
            // Instances clean HTML in ways of their own, so text is there or it is not.
            (string, string) when asked.Annotation().As == Form.Text => null,
            (string text, string now) => Same(text, now) ? null : $"is still {Quote(now)}",
            (string text, IMessage person) => Texts(person).Any(part => Same(text, part)) ? null : $"is still {Quote(Texts(person).LastOrDefault() ?? "")}",
            (Timestamp time, Timestamp now) => (time.ToDateTimeOffset() - now.ToDateTimeOffset()).Duration() < TimeTolerance ? null : $"is still {now.ToDateTimeOffset():u}",
            _ => null,
        };
    }

    private static bool Same(string left, string right) => string.Equals(left.Trim(), right.Trim(), StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<string> Texts(IMessage person) => person.Descriptor.Fields.InFieldNumberOrder()
        .Select(field => field.Accessor.GetValue(person)).OfType<string>().Where(text => text.Length > 0);

    private static string Quote(string text) => $"\"{(text.Length > 100 ? text[..100] : text)}\"";
}

using System.Collections;
using System.Collections.Concurrent;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Sidecar.Broker.Transcoding;
using Sidecar.Contract;
using Sidecar.Contract.Sdp;
using Metadata = Sidecar.Contract.Sdp.Metadata;

namespace Sidecar.Broker.Operations.Setup;

/// <summary>Reads every list that the reply names a path for; one that cannot be read does not hide the others.</summary>
internal sealed class GetMetadata(SetupLists lists) : IOperation
{
    private const int AtOnce = 4;

    private static readonly FieldDescriptor[] Lists = [.. Metadata.Descriptor.Fields.InFieldNumberOrder().Where(field => field.Annotation().Lookup.Count > 0)];

    /// <summary>Every spelling of the path of every list.</summary>
    public static IEnumerable<string> Paths => Lists.SelectMany(list => list.Annotation().Lookup);

    public string Rpc => nameof(SetupService.SetupServiceBase.GetMetadata);

    public async Task<IMessage> InvokeAsync(IMessage message, CancellationToken cancellationToken)
    {
        var wanted = Wanted((GetMetadataRequest)message);
        var metadata = new Metadata();
        var unavailable = new ConcurrentBag<UnavailableList>();
        var failures = new ConcurrentDictionary<string, Failure>();
        await Parallel.ForEachAsync(wanted, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (list, end) =>
        {
            try
            {
                if (await FillAsync(metadata, list, end))
                    unavailable.Add(new UnavailableList { List = list.Name, Reason = "It is very long; only its beginning is given." });
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                var failure = Translator.Translate(exception, Catalog.Current[Rpc]);
                failures[list.Name] = failure;
                unavailable.Add(new UnavailableList { List = list.Name, Reason = failure.Message });
            }
        });

        // If nothing could be read, that is no answer but a failure.
        if (failures.Count == wanted.Count) throw new FailureException(failures.Values.First());
        metadata.Lists.Add(wanted.Select(list => list.Name).Except(failures.Keys));
        metadata.Unavailable.Add(unavailable.OrderBy(list => list.List, StringComparer.Ordinal));
        return metadata;
    }

    private static List<FieldDescriptor> Wanted(GetMetadataRequest request)
    {
        var unknown = request.Lists.Where(name => !Lists.Any(list => list.Name == name)).ToList();
        if (unknown.Count == 0) return [.. Lists.Where(list => request.Lists.Count == 0 || request.Lists.Contains(list.Name))];
        throw new FailureException(new Failure(
            StatusCode.InvalidArgument,
            "INVALID_ARGUMENT",
            $"lists: there is no {string.Join(", ", unknown.Select(name => $"\"{name}\""))}. The lists are {string.Join(", ", Lists.Select(list => list.Name))}.")
        {
            Fields = [("lists", "names an unknown list")],
            Next = "Correct the arguments and try again.",
        });
    }

    private async Task<bool> FillAsync(Metadata metadata, FieldDescriptor list, CancellationToken cancellationToken)
    {
        var (rows, isCut) = await lists.GetAsync(list.Annotation().Lookup, isFresh: false, cancellationToken);
        var values = (IList)list.Accessor.GetValue(metadata);
        foreach (var row in rows)
        {
            if (list.FieldType == FieldType.Message) values.Add(Decoder.Record(row, list.MessageType));
            else if (FieldKeys.TryFind(row, "name", out var name) && Decoder.Text(name) is { } text) values.Add(text);
        }

        return isCut;
    }
}

using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Sidecar.Broker.Sdp;
using Sidecar.Broker.Transcoding;
using Sidecar.Contract;

namespace Sidecar.Broker.Operations.Setup;

/// <summary>
/// Some instances take a priority or a category by id only and refuse its name. Which fields those are is learned from a
/// refusal, which proves that nothing happened; a name that the instance does not have at all is told with those it has.
/// </summary>
internal sealed class NameLookup(SetupLists lists, Dialect dialect)
{
    private const int MaxNamed = 30;
    private const string ById = "by id";

    /// <summary>Ids for the fields that are known to need one.</summary>
    /// <exception cref="FailureException">The instance does not have such a name, or its list cannot be read; nothing was sent.</exception>
    public async Task<Dictionary<string, string>> KnownAsync(IMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await FindAsync(Candidates(request).Where(field => dialect[field.Key()] == ById), request, cancellationToken);
        }
        catch (SdpException failure)
        {
            throw new FailureException(Translator.Translate(failure, Catalog.Current["GetMetadata"]), failure);
        }
    }

    /// <summary>Ids for the fields that a refusal names; empty if it is about something else, or the lists cannot be read.</summary>
    /// <exception cref="FailureException">The instance does not have such a name.</exception>
    public async Task<Dictionary<string, string>> AfterAsync(SdpException refusal, IMessage request, CancellationToken cancellationToken)
    {
        var named = refusal.Messages.Where(message => message.Code == 4001).SelectMany(message => message.Fields).ToHashSet();
        try
        {
            return await FindAsync(Candidates(request).Where(field => named.Contains(field.Key())), request, cancellationToken);
        }
        catch (SdpException)
        {
            // Without the list there is no more to say than the refusal itself does.
            return [];
        }
    }

    /// <summary>Remembers that these fields need an id.</summary>
    public void Remember(IEnumerable<string> keys)
    {
        foreach (var key in keys) dialect.Remember(key, ById);
    }

    private static IEnumerable<FieldDescriptor> Candidates(IMessage request) => request.Descriptor.Fields.InFieldNumberOrder()
        .Where(field => field.Annotation() is { As: Form.Name, Lookup.Count: > 0 } && Encoder.IsSet(request, field));

    private async Task<Dictionary<string, string>> FindAsync(IEnumerable<FieldDescriptor> fields, IMessage request, CancellationToken cancellationToken)
    {
        var ids = new Dictionary<string, string>();
        var problems = new List<(string Field, string Problem)>();
        foreach (var field in fields)
        {
            var wanted = (string)field.Accessor.GetValue(request);
            var (rows, isCut) = await lists.ReadAsync(field.Annotation().Lookup, cancellationToken);
            var named = rows.Select(row => (Name: FieldKeys.TryFind(row, "name", out var name) ? Decoder.Text(name) : null,
                Id: FieldKeys.TryFind(row, "id", out var id) ? Decoder.Text(id) : null)).ToList();
            var matches = named.Where(row => string.Equals(row.Name, wanted.Trim(), StringComparison.OrdinalIgnoreCase) && row.Id is not null).ToList();
            // Several categories may have a subcategory of one name, and a list may be too long to be read whole: then the
            // name is sent as it is, and the instance decides.
            if (matches.Count == 1) ids[field.Key()] = matches[0].Id!;
            else if (matches.Count == 0 && !isCut) problems.Add((field.Name, $"this instance has no {Quote.Text(wanted, 100)}; it has {string.Join(", ", named.Select(row => Quote.Text(row.Name ?? "", 100)).Take(MaxNamed))}"));
        }

        return problems.Count == 0 ? ids : throw new FailureException(new Failure(
            StatusCode.InvalidArgument, "UNKNOWN_VALUE", string.Join(" ", problems.Select(problem => $"{problem.Field}: {problem.Problem}.")))
        {
            Fields = problems,
            SdpCodes = [4001],
            Next = "Take one of the names given and try again.",
        });
    }
}

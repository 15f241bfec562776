using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Grpc.Core;
using Sidecar.Broker.Credentials;
using Sidecar.Broker.Sdp;
using Sidecar.Broker.Transcoding;
using Sidecar.Contract;

namespace Sidecar.Broker.Operations;

/// <summary>Turns the numbers people use into the long ids that the API wants.</summary>
internal sealed class RecordIds(SdpClient client, CredentialStore credentials)
{
    private const int MaxRemembered = 10_000;

    // A record keeps both for life. One instance's ids mean nothing at another.
    private readonly ConcurrentDictionary<(Uri Api, string Collection, string Number), string> _known = new();

    /// <summary>Replaces every such number in the request by the long id.</summary>
    public async Task ResolveAsync(IMessage request, CancellationToken cancellationToken)
    {
        foreach (var field in request.Descriptor.Fields.InFieldNumberOrder())
        {
            var collection = field.Annotation().IdOf;
            if (collection.Length == 0 || !RequestNumber.TryParse((string)field.Accessor.GetValue(request), out var digits, out var isLongId)) continue;
            field.Accessor.SetValue(request, isLongId ? digits : await FindAsync(collection, digits, cancellationToken));
        }
    }

    private async Task<string> FindAsync(string collection, string number, CancellationToken cancellationToken)
    {
        number = number.TrimStart('0') is { Length: > 0 } digits ? digits : "0";
        var key = ((await credentials.RequireAsync(cancellationToken)).ApiUrl, collection, number);
        if (_known.TryGetValue(key, out var known)) return known;

        var input = new JsonObject
        {
            ["list_info"] = new JsonObject
            {
                ["row_count"] = 1,
                ["fields_required"] = new JsonArray("id", "display_id"),
                ["search_criteria"] = new JsonObject { ["field"] = "display_id", ["condition"] = "is", ["value"] = number },
            },
        };
        JsonElement answer;
        try
        {
            answer = await client.SendAsync(HttpMethod.Get, collection, input, cancellationToken);
        }
        catch (SdpException failure)
        {
            // Only a read has failed so far, whatever the operation is: told as a failure of listing the collection.
            throw new FailureException(Translator.Translate(failure, Catalog.Current.ReadOf(collection)), failure);
        }

        var rows = answer.TryGetProperty(collection.TrimStart('/'), out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : default;
        foreach (var row in rows)
        {
            // An instance that does not understand the criterion answers with other rows.
            if (!FieldKeys.TryFind(row, "display_id", out var found) || Decoder.Text(found) != number || !FieldKeys.TryFind(row, "id", out var id)) continue;
            // What is no long id would not fit into a path.
            if (Decoder.Text(id) is not { Length: > 0 } longId || !longId.All(char.IsAsciiDigit)) continue;
            if (_known.Count >= MaxRemembered) _known.Clear();
            return _known[key] = longId;
        }

        var plural = collection.TrimStart('/');
        var finder = Catalog.Current.Tools.FirstOrDefault(tool => tool.Tool!.Name == $"search_{plural}");
        throw new FailureException(new Failure(StatusCode.NotFound, "NOT_FOUND", $"There is no {plural.TrimEnd('s')} #{number} here, or you may not see it.")
        {
            Next = finder is null ? "Check the number." : $"Check the number; {finder.DisplayName} finds {plural} by text.",
        });
    }
}

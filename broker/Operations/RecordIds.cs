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
    private readonly ConcurrentDictionary<(Uri Api, string? Portal, string Collection, string Number), string> _known = new();

    /// <summary>Replaces every such number in the request by the long id.</summary>
    public async Task ResolveAsync(IMessage request, CancellationToken cancellationToken)
    {
        foreach (var field in request.Descriptor.Fields.InFieldNumberOrder())
        {
            var collection = field.Annotation().IdOf;
            var text = collection.Length == 0 ? "" : (string)field.Accessor.GetValue(request);
            if (!RequestNumber.TryParse(text, out var digits, out var isLongId)) continue;
            if (!isLongId) digits = await IdOfAsync(collection, digits, text.Contains('#'), cancellationToken);
            field.Accessor.SetValue(request, digits);
        }
    }

    private async Task<string> IdOfAsync(string collection, string number, bool isHashed, CancellationToken cancellationToken)
    {
        number = number.TrimStart('0') is { Length: > 0 } digits ? digits : "0";
        var credential = await credentials.RequireAsync(cancellationToken);
        var (found, hasNumbers) = await FindAsync(credential, collection, number, cancellationToken);
        if (credential is not OnPremCredential) return found ?? throw NotFound(collection, number);

        // Ids are short there, and mostly the very numbers people use. Where they differ, digits alone could mean either, and
        // nobody's guess may end in another record.
        if (found is null) return isHashed && hasNumbers ? throw NotFound(collection, number) : number;
        return found == number || isHashed ? found : throw new FailureException(new Failure(
            StatusCode.InvalidArgument, "AMBIGUOUS", $"{number} may be the number of one record and the id of another on this instance.")
        {
            Next = $"Write #{number} for the number people use.",
        });
    }

    // Without an id no record has that number, and perhaps none has any: versions on premises know ids alone.
    private async Task<(string? Id, bool HasNumbers)> FindAsync(Credential credential, string collection, string number, CancellationToken cancellationToken)
    {
        var key = (credential.ApiUrl, credential.Portal, collection, number);
        if (_known.TryGetValue(key, out var known)) return (known, true);

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
        catch (SdpException refusal) when (credential is OnPremCredential && refusal.Failure == SdpFailure.Refused && refusal.HttpStatus == 400)
        {
            return (null, false);
        }
        catch (SdpException failure)
        {
            // Only a read has failed so far, whatever the operation is: told as a failure of listing the collection.
            throw new FailureException(Translator.Translate(failure, Catalog.Current.ReadOf(collection)), failure);
        }

        var rows = answer.TryGetProperty(collection.TrimStart('/'), out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : default;
        var hasNumbers = true;
        foreach (var row in rows)
        {
            hasNumbers = FieldKeys.TryFind(row, "display_id", out var found);
            // An instance that does not understand the criterion answers with other rows.
            if (!hasNumbers || Decoder.Text(found) != number || !FieldKeys.TryFind(row, "id", out var id)) continue;
            // What is no long id would not fit into a path.
            if (Decoder.Text(id) is not { Length: > 0 } longId || !longId.All(char.IsAsciiDigit)) continue;
            if (_known.Count >= MaxRemembered) _known.Clear();
            return (_known[key] = longId, true);
        }

        return (null, hasNumbers);
    }

    private static FailureException NotFound(string collection, string number)
    {
        var plural = collection.TrimStart('/');
        var finder = Catalog.Current.Tools.FirstOrDefault(tool => tool.Tool!.Name == $"search_{plural}");
        return new FailureException(new Failure(StatusCode.NotFound, "NOT_FOUND", $"There is no {plural.TrimEnd('s')} #{number} here, or you may not see it.")
        {
            Next = finder is null ? "Check the number." : $"Check the number; {finder.DisplayName} finds {plural} by text.",
        });
    }
}

using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Sidecar.Broker.Credentials;
using Sidecar.Broker.Operations.Fate;
using Sidecar.Broker.Operations.Setup;
using Sidecar.Broker.Sdp;
using Sidecar.Broker.Transcoding;
using Sidecar.Contract;

namespace Sidecar.Broker.Operations;

/// <summary>Performs an operation that is one call, by what the contract says of it: also a step of a larger one.</summary>
internal sealed class SdpCaller(
    SdpClient client, Dialect dialect, NameLookup names, TracedWrites traced, CredentialStore credentials, TimeProvider clock)
{
    /// <summary>Performs the call.</summary>
    /// <exception cref="FailureException">It failed, or the instance did not do what it was asked for.</exception>
    public async Task<T> CallAsync<T>(string rpc, IMessage request, CancellationToken cancellationToken) where T : IMessage =>
        (T)await CallAsync(Catalog.Current[rpc], request, cancellationToken);

    public async Task<IMessage> CallAsync(Operation operation, IMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return operation.Call!.Rows.Length > 0
                ? await ListAsync(operation, request, cancellationToken)
                : await OneAsync(operation, request, cancellationToken);
        }
        catch (Exception exception) when (exception is not (FailureException or OperationCanceledException))
        {
            // Told in terms of this step: its scope, its fields, whether it writes.
            throw new FailureException(Translator.Translate(exception, operation), exception);
        }
    }

    private async Task<IMessage> OneAsync(Operation operation, IMessage request, CancellationToken cancellationToken)
    {
        var (call, type) = (operation.Call!, operation.Descriptor.OutputType);
        if (operation.Access == Access.Read)
        {
            var answer = await SendAsync(call, request, _ => null, cancellationToken);
            return Decode(answer, call, type) ?? throw new SdpException(SdpFailure.Unreadable, "the record is missing");
        }

        if (call.Verify) return await WriteAndVerifyAsync(operation, request, cancellationToken);
        if (call.Trace is null) return await MakeAsync() ?? type.Parser.ParseFrom(ByteString.Empty);
        return await traced.MakeAsync(operation, request, MakeAsync, cancellationToken);

        async Task<IMessage?> MakeAsync() => Decode(await WriteAsync(call, request, cancellationToken), call, type);
    }

    private async Task<JsonElement> WriteAsync(Call call, IMessage request, CancellationToken cancellationToken)
    {
        var ids = await names.KnownAsync(request, cancellationToken);
        try
        {
            return await SendRecordAsync(ids);
        }
        catch (SdpException refusal) when (refusal.Failure == SdpFailure.Refused)
        {
            ids = await names.AfterAsync(refusal, request, cancellationToken);
            if (ids.Count == 0) throw;
        }

        var reply = await SendRecordAsync(ids);
        names.Remember(ids.Keys);
        return reply;

        Task<JsonElement> SendRecordAsync(Dictionary<string, string> known)
        {
            var record = Encoder.Record(request, call, known);
            return SendAsync(call, request, wrap => new JsonObject { [wrap] = record.DeepClone() }, cancellationToken);
        }
    }

    private async Task<IMessage> WriteAndVerifyAsync(Operation operation, IMessage request, CancellationToken cancellationToken)
    {
        if (Encoder.Record(request, operation.Call!, new Dictionary<string, string>()).Count == 0)
        {
            throw new FailureException(new Failure(StatusCode.InvalidArgument, "INVALID_ARGUMENT", "No field to change was given.")
            {
                Next = "Give at least one field, or name one in clear_fields.",
            });
        }

        // Performed as the read that it is, and so told as one where it fails.
        var read = Catalog.Current.ReadOf(PathTemplate.Of(operation.Call!).Template);
        var before = await CallAsync(read, request, cancellationToken);
        SdpException? doubt = null;
        try
        {
            await WriteAsync(operation.Call!, request, cancellationToken);
        }
        catch (SdpException failure) when (failure.LeavesOpen)
        {
            // Its fate can be found out: the record shows it.
            doubt = failure;
        }

        IMessage now;
        try
        {
            // Not ended by a caller who leaves: what was sent is seen through to what came of it.
            now = await CallAsync(read, request, CancellationToken.None);
        }
        catch (FailureException unread)
        {
            throw new FailureException(
                doubt is not null ? Translator.Translate(doubt, operation) : Translator.OutcomeUnknown(
                    "ServiceDesk Plus answered that the change was made, but the record could not be read again to make sure."),
                unread);
        }

        var verification = new Verification(request, before, now);
        var differences = verification.Differences(isProof: doubt is not null);
        if (differences.Count == 0) return now;
        if (doubt is null) throw new FailureException(verification.NotApplied(differences));
        var told = Translator.Translate(doubt, operation);
        // After an answer of the application nothing more will come of that write. Without one, something still may.
        throw new FailureException(doubt.IsFinal
            ? told with
            {
                Changed = verification.Extent,
                Fields = [.. told.Fields.UnionBy(differences, field => field.Field)],
                Next = doubt.Failure == SdpFailure.Warning ? told.Next : "The record was read again and is not as asked; try again later.",
            }
            : told with { Fields = differences });
    }

    private async Task<IMessage> ListAsync(Operation operation, IMessage request, CancellationToken cancellationToken)
    {
        var call = operation.Call!;
        var type = operation.Descriptor.OutputType;
        var rows = type.Fields.InFieldNumberOrder().Single(field => field is { IsRepeated: true, FieldType: FieldType.Message });
        var technician = (await credentials.RequireAsync(cancellationToken)).TechnicianEmail;
        var query = ListQuery.Compile(request, call.Columns ? rows.MessageType : null, technician, clock.GetUtcNow());
        var answer = await SendAsync(call, request, _ => new JsonObject { ["list_info"] = query.ListInfo.DeepClone() }, cancellationToken);

        var message = type.Parser.ParseFrom(ByteString.Empty);
        var list = (IList)rows.Accessor.GetValue(message);
        // A list that returns more than was asked for is cut; its next page has the rest.
        var found = Rows(answer, call).Take(query.PageSize).ToList();
        foreach (var row in found.Where(row => Criterion.MayMatch(query.Criteria, row))) list.Add(Decoder.Record(row, rows.MessageType));
        ListReply.Fill(message, answer, query, dropped: found.Count - list.Count);
        return message;
    }

    private async Task<JsonElement> SendAsync(Call call, IMessage request, Func<string, JsonObject?> input, CancellationToken cancellationToken)
    {
        var (method, template) = PathTemplate.Of(call);
        // A read may also be refused where the other spelling is allowed; a write is repeated only if it did not happen.
        return await dialect.SpeakAsync($"{method} {template}", template, call.OrPath, IsOtherPath, path =>
            dialect.SpeakAsync($"{method} {template} body", call.Wrap, method == HttpMethod.Get ? null : call.OrWrap, refusal => refusal.IsExtraKey, wrap =>
                client.SendAsync(method, PathTemplate.Expand(path, request), input(wrap), cancellationToken)));

        bool IsOtherPath(SdpException refusal) => refusal.IsUnknownPath
            || (method == HttpMethod.Get && (refusal.Failure == SdpFailure.ScopeMissing || refusal.Has(4002) || refusal.HttpStatus == 403));
    }

    private static IMessage? Decode(JsonElement answer, Call call, MessageDescriptor type)
    {
        foreach (var key in new[] { call.Wrap, call.OrWrap })
            if (key.Length > 0 && answer.TryGetProperty(key, out var record) && record.ValueKind == JsonValueKind.Object) return Decoder.Record(record, type);
        return null;
    }

    private static JsonElement.ArrayEnumerator Rows(JsonElement answer, Call call)
    {
        foreach (var key in new[] { call.Rows, call.OrRows })
            if (key.Length > 0 && answer.TryGetProperty(key, out var rows) && rows.ValueKind == JsonValueKind.Array) return rows.EnumerateArray();
        throw new SdpException(SdpFailure.Unreadable, $"the list \"{call.Rows}\" is missing");
    }
}

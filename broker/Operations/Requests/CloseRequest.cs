using Google.Protobuf;
using Grpc.Core;
using Sidecar.Broker.Sdp;
using Sidecar.Contract;
using Sidecar.Contract.Sdp;

namespace Sidecar.Broker.Operations.Requests;

/// <summary>
/// Read, resolution, close, read again: an instance may answer success and leave the request as it was. Only a request
/// that was seen to move counts as closed.
/// </summary>
internal sealed class CloseRequest(SdpCaller sdp) : IOperation
{
    private const string NotApplied = "NOT_APPLIED";

    public string Rpc => nameof(RequestService.RequestServiceBase.CloseRequest);

    public async Task<IMessage> InvokeAsync(IMessage message, CancellationToken cancellationToken)
    {
        var request = (CloseRequestRequest)message;
        var before = await ReadAsync(request, cancellationToken);

        // What is begun is seen through: a caller who leaves now would leave half of it, and an end that nobody logs.
        if (request.Resolution.Length > 0) await WriteResolutionAsync(request);
        var failed = await CloseAsync(request);
        Request now;
        try
        {
            now = await ReadAsync(request, CancellationToken.None);
        }
        catch (FailureException unread)
        {
            throw failed ?? new FailureException(
                Translator.OutcomeUnknown("ServiceDesk Plus answered that the request was closed, but it could not be read again to make sure."), unread);
        }

        var isClosed = IsFinished(now) && (!IsFinished(before) || now.Status != before.Status || !Equals(now.CompletedTime, before.CompletedTime));
        if (isClosed && failed?.Failure.Reason != NotApplied) return Complete(new Verification(request, before, now), now);
        throw new FailureException(NotClosed(request, now, isClosed, failed), failed);
    }

    private Task<Request> ReadAsync(CloseRequestRequest request, CancellationToken cancellationToken) =>
        sdp.CallAsync<Request>("GetRequest", new GetRequestRequest { RequestId = request.RequestId }, cancellationToken);

    private async Task WriteResolutionAsync(CloseRequestRequest request)
    {
        var update = new UpdateRequestRequest { RequestId = request.RequestId, Resolution = request.Resolution };
        try
        {
            await sdp.CallAsync<Request>("UpdateRequest", update, CancellationToken.None);
        }
        catch (FailureException failure)
        {
            throw new FailureException(failure.Failure with { Message = $"The request was not closed, because its resolution could not be written. {failure.Message}" }, failure);
        }
    }

    // Returns what leaves the outcome open; a refusal ends it.
    private async Task<FailureException?> CloseAsync(CloseRequestRequest request)
    {
        try
        {
            await sdp.CallAsync(Catalog.Current[Rpc], request, CancellationToken.None);
            return null;
        }
        catch (FailureException failure) when (failure.Failure.Changed != Changed.Nothing)
        {
            return failure;
        }
        catch (FailureException refusal)
        {
            throw new FailureException(Extend(refusal.Failure, request, "The request was not closed.", Changed.Nothing), refusal);
        }
    }

    private static Request Complete(Verification verification, Request now)
    {
        var differences = verification.Differences(isProof: false);
        return differences.Count == 0 ? now : throw new FailureException(
            verification.NotApplied(differences) with { Changed = Changed.Partly, Next = "The request is closed. Tell the user what is missing." });
    }

    private static Failure NotClosed(CloseRequestRequest request, Request now, bool isClosed, FailureException? failed)
    {
        var status = Quote.Text(now.Status, 100);
        if (failed is null)
        {
            var silent = new Failure(StatusCode.FailedPrecondition, NotApplied, "ServiceDesk Plus answered success but did not close the request.")
            {
                Next = IsFinished(now) ? "It was finished before; nothing needs to be done."
                    : "Give what this instance wants for closing: usually resolution, closure_code and closure_comments.",
            };
            return Extend(silent, request, $"Its status is {status}.", Changed.Nothing);
        }

        if (failed.InnerException is SdpException { IsFinal: true })
            return Extend(failed.Failure, request, $"The request was read again: its status is {status}, it is {(isClosed ? "" : "not ")}closed.", isClosed ? Changed.Partly : Changed.Nothing);
        // Not answered: it may still come true.
        return Extend(failed.Failure, request, $"The request was read again: its status is {status}, it is not closed so far.", Changed.Unknown);
    }

    private static Failure Extend(Failure failure, CloseRequestRequest request, string state, Changed changed)
    {
        var wroteResolution = request.Resolution.Length > 0;
        var isForeign = failure.Fields.Any(field => CloseRequestRequest.Descriptor.FindFieldByName(field.Field) is null);
        return failure with
        {
            Message = $"{failure.Message} {state}{(wroteResolution ? " The resolution was written." : "")}",
            Changed = wroteResolution && changed == Changed.Nothing ? Changed.Partly : changed,
            Next = isForeign ? "Set the missing fields with update_request first, then close." : failure.Next,
        };
    }

    private static bool IsFinished(Request request) => request.HasIsOpen ? !request.IsOpen : request.CompletedTime is not null;
}

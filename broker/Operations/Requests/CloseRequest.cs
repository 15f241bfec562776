using Google.Protobuf;
using Grpc.Core;
using Sidecar.Contract;
using Sidecar.Contract.Sdp;

namespace Sidecar.Broker.Operations.Requests;

/// <summary>Resolution first, then close, then read again: an instance may answer success and leave the request open.</summary>
internal sealed class CloseRequest(SdpCaller sdp) : IOperation
{
    public string Rpc => nameof(RequestService.RequestServiceBase.CloseRequest);

    public async Task<IMessage> InvokeAsync(IMessage message, CancellationToken cancellationToken)
    {
        var request = (CloseRequestRequest)message;
        var wroteResolution = request.Resolution.Length > 0;
        if (wroteResolution)
        {
            await WriteResolutionAsync(request, cancellationToken);
            // What is begun is seen through: a caller who leaves now would leave half of it.
            cancellationToken = CancellationToken.None;
        }

        FailureException? failed = null;
        try
        {
            await sdp.CallAsync(Catalog.Current[Rpc], request, cancellationToken);
        }
        catch (FailureException failure)
        {
            failed = failure;
            // A refusal is final; anything less than certain is settled by what the request says now.
            if (failure.Failure.Changed == Changed.Nothing) throw Tell(failure.Failure, wroteResolution);
        }

        // Also where the caller has left: the close was sent, and its end is to be known and logged.
        cancellationToken = CancellationToken.None;
        Request now;
        try
        {
            now = await sdp.CallAsync<Request>("GetRequest", new GetRequestRequest { RequestId = request.RequestId }, cancellationToken);
        }
        catch (FailureException)
        {
            throw failed ?? new FailureException(Translator.OutcomeUnknown(
                "ServiceDesk Plus answered that the request was closed, but it could not be read again to make sure."));
        }

        if (now is { HasIsOpen: true, IsOpen: false } or { HasIsOpen: false, CompletedTime: not null }) return now;
        if (failed is not null) throw Tell(failed.Failure with { Changed = Changed.Nothing }, wroteResolution, now.Status);
        throw Tell(
            new Failure(StatusCode.FailedPrecondition, "NOT_APPLIED", "ServiceDesk Plus answered success but did not close the request.")
            {
                Next = "Give what this instance wants for closing: usually resolution, closure_code and closure_comments.",
            },
            wroteResolution,
            now.Status);
    }

    private async Task WriteResolutionAsync(CloseRequestRequest request, CancellationToken cancellationToken)
    {
        try
        {
            await sdp.CallAsync<Request>(
                "UpdateRequest", new UpdateRequestRequest { RequestId = request.RequestId, Resolution = request.Resolution }, cancellationToken);
        }
        catch (FailureException failure)
        {
            throw new FailureException(failure.Failure with { Message = $"The request was not closed, because its resolution could not be written. {failure.Message}" }, failure);
        }
    }

    private static FailureException Tell(Failure failure, bool wroteResolution, string? status = null) => new(failure with
    {
        Message = string.Join(' ', new[]
        {
            failure.Message,
            status is null ? "The request was not closed." : $"The request was read again: its status is \"{status}\", it is not closed.",
            wroteResolution ? "The resolution was written." : null,
        }.Where(part => part is not null)),
        Changed = wroteResolution ? Changed.Partly : Changed.Nothing,
    });
}

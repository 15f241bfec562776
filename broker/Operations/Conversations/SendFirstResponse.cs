using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using Sidecar.Contract.Sdp;

namespace Sidecar.Broker.Operations.Conversations;

/// <summary>Sends a reply only where it is the first one: the instance counts the first reply as the first response.</summary>
internal sealed class SendFirstResponse(ReplySender sender) : IOperation
{
    public string Rpc => nameof(ConversationService.ConversationServiceBase.SendFirstResponse);

    public async Task<IMessage> InvokeAsync(IMessage message, CancellationToken cancellationToken)
    {
        var request = (SendFirstResponseRequest)message;
        var record = await sender.ReadAsync(request.RequestId, cancellationToken);
        if (record.RespondedTime is { } responded)
        {
            // It may be this very call, made before, that the instance took for the first response.
            if (await sender.RecallAsync(request.RequestId, record, request.Message, request.Cc, request.Subject, cancellationToken) is { } sent) return sent;
            var when = responded.ToDateTimeOffset().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
            throw new FailureException(new Failure(
                StatusCode.FailedPrecondition, "ALREADY_RESPONDED", $"Request #{record.DisplayId} had its first response on {when}; no e-mail was sent.")
            {
                Next = "To write again, use reply_to_requester.",
            });
        }

        return await sender.SendAsync(request.RequestId, record, request.Message, request.Cc, request.Subject, cancellationToken);
    }
}

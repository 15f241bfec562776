using Google.Protobuf;
using Sidecar.Contract.Sdp;

namespace Sidecar.Broker.Operations.Conversations;

/// <summary>Finds out whom to write to, then sends the e-mail.</summary>
internal sealed class ReplyToRequester(ReplySender sender) : IOperation
{
    public string Rpc => nameof(ConversationService.ConversationServiceBase.ReplyToRequester);

    public async Task<IMessage> InvokeAsync(IMessage message, CancellationToken cancellationToken)
    {
        var request = (ReplyToRequesterRequest)message;
        var record = await sender.ReadAsync(request.RequestId, cancellationToken);
        return await sender.SendAsync(request.RequestId, record, request.Message, request.Cc, request.Subject, cancellationToken);
    }
}

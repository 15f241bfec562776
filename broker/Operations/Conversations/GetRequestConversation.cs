using Google.Protobuf;
using Sidecar.Broker.Credentials;
using Sidecar.Contract.Sdp;

namespace Sidecar.Broker.Operations.Conversations;

/// <summary>
/// Lists the messages, then reads the text of each, a few at a time. On premises the API shows notes and no e-mails, which
/// is said.
/// </summary>
internal sealed class GetRequestConversation(SdpCaller sdp, CredentialStore credentials) : IOperation
{
    private const int AtOnce = 3;
    private const string Note = "NOTES";

    public string Rpc => nameof(ConversationService.ConversationServiceBase.GetRequestConversation);

    public async Task<IMessage> InvokeAsync(IMessage message, CancellationToken cancellationToken)
    {
        var request = (GetRequestConversationRequest)message;
        var record = sdp.CallAsync<Request>("GetRequest", new GetRequestRequest { RequestId = request.RequestId }, cancellationToken);
        var list = sdp.CallAsync<MessagePage>(
            "ListMessages",
            new ListMessagesRequest { RequestId = request.RequestId, SortField = "created_time", Page = request.Page, PageSize = request.PageSize },
            cancellationToken);
        await Task.WhenAll(record, list);

        var page = await list;
        var notesAlone = credentials.Current is OnPremCredential;
        // A list of notes does not say so of every row.
        if (notesAlone) foreach (var entry in page.Messages) entry.Type = Note;
        var unread = 0;
        await Parallel.ForEachAsync(page.Messages, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (entry, end) =>
        {
            if (entry.Text.Length == 0 && !await FillAsync(entry, request.RequestId, end)) Interlocked.Increment(ref unread);
        });

        var conversation = new Conversation { DisplayId = (await record).DisplayId, HasMore = page.HasMore, Messages = { page.Messages } };
        List<string> notices = [];
        if (notesAlone) notices.Add("These are the notes alone: on premises the API shows no e-mails. The web client does.");
        if (unread > 0) notices.Add($"The text of {unread} of these messages could not be read; they are listed without it.");
        conversation.Notice = string.Join(' ', notices);
        return conversation;
    }

    private async Task<bool> FillAsync(Message entry, string requestId, CancellationToken cancellationToken)
    {
        try
        {
            var step = IsNote(entry) ? "GetNote" : "GetMessage";
            var read = await sdp.CallAsync<Message>(step, new GetMessageRequest { RequestId = requestId, MessageId = entry.Id }, cancellationToken);
            entry.Text = read.Text;
            if (entry.Subject.Length == 0) entry.Subject = read.Subject;
            if (read.HasShowToRequester) entry.ShowToRequester = read.ShowToRequester;
            return true;
        }
        catch (FailureException)
        {
            // One text that cannot be read does not hide the others; the notice counts it.
            return false;
        }
    }

    private static bool IsNote(Message entry) => entry.Type.Contains("NOTE", StringComparison.OrdinalIgnoreCase);
}

using Grpc.Core;
using Sidecar.Broker.Operations.Fate;
using Sidecar.Broker.Sdp;
using Sidecar.Broker.Transcoding;
using Sidecar.Contract;
using Sidecar.Contract.Sdp;

namespace Sidecar.Broker.Operations.Conversations;

/// <summary>What replying and first responding share: the request read first, the e-mail sent last.</summary>
internal sealed class ReplySender(SdpCaller sdp, TracedWrites traced, Dialect dialect)
{
    private const int MaxSubject = 250;
    private const string ReplyTarget = "in_reply_to", NoTarget = "not sent";

    public Task<Request> ReadAsync(string requestId, CancellationToken cancellationToken) =>
        sdp.CallAsync<Request>("GetRequest", new GetRequestRequest { RequestId = requestId }, cancellationToken);

    public async Task<SentReply> SendAsync(string requestId, Request record, string message, IEnumerable<string> cc, string subject, CancellationToken cancellationToken)
    {
        if (record.Requester is not { Email.Length: > 0 } requester)
        {
            throw new FailureException(new Failure(
                StatusCode.FailedPrecondition, "NO_ADDRESS", $"Request #{record.DisplayId} has no requester with an e-mail address; no e-mail was sent.")
            {
                Next = "Set the requester with update_request, or use add_note.",
            });
        }

        var email = Email(requestId, record, requester.Email, message, cc, subject);
        try
        {
            var sent = await SendAsync(email, cancellationToken);
            sent.DisplayId = record.DisplayId;
            // The instance's answer may leave out what it was given.
            if (sent.To.Count == 0) sent.To.Add(email.To);
            if (sent.Cc.Count == 0) sent.Cc.Add(email.Cc);
            if (sent.Subject.Length == 0) sent.Subject = email.Subject;
            return sent;
        }
        catch (FailureException refused) when (refused.Failure.Changed == Changed.Nothing)
        {
            throw new FailureException(refused.Failure with { Message = $"{refused.Message} No e-mail was sent, and no note was added in its place." }, refused);
        }
    }

    /// <summary>What became of the same e-mail sent before, if its sender did not learn it; null if there is none. Sends nothing.</summary>
    /// <exception cref="FailureException">That is still not known.</exception>
    public async Task<SentReply?> RecallAsync(string requestId, Request record, string message, IEnumerable<string> cc, string subject, CancellationToken cancellationToken)
    {
        if (record.Requester is not { Email.Length: > 0 } requester) return null;
        var sent = (SentReply?)await traced.RecallAsync(Catalog.Current["SendMessage"], Email(requestId, record, requester.Email, message, cc, subject), cancellationToken);
        if (sent is not null) sent.DisplayId = record.DisplayId;
        return sent;
    }

    private SendMessageRequest Email(string requestId, Request record, string to, string message, IEnumerable<string> cc, string subject) => new()
    {
        // The id that was asked for, not one that an answer brought.
        RequestId = requestId,
        InReplyTo = dialect[ReplyTarget] == NoTarget ? "" : requestId,
        To = { to },
        Cc = { cc },
        Subject = subject.Length > 0 ? subject : Subject(record),
        Message = message,
    };

    private async Task<SentReply> SendAsync(SendMessageRequest email, CancellationToken cancellationToken)
    {
        try
        {
            return await sdp.CallAsync<SentReply>("SendMessage", email, cancellationToken);
        }
        catch (FailureException refused) when (refused.Failure.Changed == Changed.Nothing && refused.Failure.Fields.Any(field => field.Field == ReplyTarget))
        {
            // Clients differ in whose id goes there. The e-mail matters more, and its subject carries the request's number.
            email.InReplyTo = "";
            var sent = await sdp.CallAsync<SentReply>("SendMessage", email, cancellationToken);
            dialect.Remember(ReplyTarget, NoTarget);
            return sent;
        }
    }

    private static string Subject(Request record) => PlainText.Cut($"Re: [Request ID :##{record.DisplayId}##] : {record.Subject}", MaxSubject);
}

using System.Text.Json.Nodes;
using Sidecar.Simulator.Hosting;
using Sidecar.Simulator.Sdp.Lists;
using Sidecar.Simulator.Sdp.Records;
using Sidecar.Simulator.Sdp.Requests;
using Sidecar.Simulator.Sdp.Wire;

namespace Sidecar.Simulator.Sdp.Routes;

/// <summary>Mails to and from the requester. The thread names them, the notification has the text.</summary>
internal static class ConversationRoutes
{
    private static readonly Entity Notification = new("notification", "notifications", "requests", new()
    {
        ["to"] = Rules.Addresses,
        ["cc"] = Rules.Addresses,
        ["bcc"] = Rules.Addresses,
        ["subject"] = Rules.Text(250),
        ["description"] = Rules.Html,
        ["is_public"] = Rules.Flag,
        ["type"] = Rules.Choice("REQREPLY", "REQFORWARD"),
        ["in_reply_to"] = Rules.Nested(new() { ["id"] = Rules.Text() }),
        ["attachments"] = Rules.Anything,
    })
    {
        Mandatory = ["to", "subject", "description", "type"],
        Columns = ["id", "subject", "type", "to", "cc", "sent_by", "sent_time"],
    };

    private static readonly Entity Draft = new("draft", "drafts", "requests", new(Notification.Fields.Where(field => field.Key is not ("in_reply_to" or "is_public")))
    {
        ["type"] = Rules.Choice("reply", "forward"),
    })
    {
        Mandatory = ["to", "subject", "description", "type"],
    };

    // On premises mails are neither shown nor sent: drafts are kept for the web client.
    public static IEnumerable<Route> All =>
    [
        .. Mails.Select(route => route.At(Edition.Cloud)),
        .. Crud.Of(Draft, "/requests/{id}/drafts", (_, draft) => draft["is_draft"] = true).Where(route => route.Method != "PUT").Select(route => route.At(Edition.OnPrem)),
    ];

    private static IEnumerable<Route> Mails =>
    [
        new("GET", "/requests/{id}/conversations", "requests", Conversations),
        new("GET", "/requests/{id}/notifications", "requests", call =>
            Lister.Answer(call, "notifications", RequestRoutes.Children(call, "notifications"), Notification.Columns, Notification.Fields.Keys)),
        new("GET", "/requests/{id}/notifications/{child}", "requests", call =>
            Crud.Show(call, Notification, call.Table("/requests/{id}/notifications").Get(call["child"]))),
        new("POST", "/requests/{id}/notifications", "requests", call => Crud.Create(call, Notification, "/requests/{id}/notifications", Sent)),
    ];

    private static Answer Conversations(ApiCall call)
    {
        RequestRecord.Find(call);
        var mails = RequestRoutes.Children(call, "notifications")
            .Select(row => Row(row, (string)row["type"]!, row["sent_by"]!, row["sent_time"]!));
        var notes = RequestRoutes.Children(call, "notes")
            .Select(row => Row(row, "NOTES", row["added_by"]!, row["added_time"]!));
        return Lister.Answer(call, "conversations", mails.Concat(notes).OrderBy(row => Times.Of(row["created_time"])));
    }

    private static JsonObject Row(JsonObject source, string type, JsonNode by, JsonNode time) => new()
    {
        ["id"] = source["id"]!.DeepClone(),
        ["type"] = type,
        ["created_time"] = time.DeepClone(),
        ["created_by"] = new JsonObject
        {
            ["name"] = by["name"]?.DeepClone(),
            ["email_id"] = by["email_id"]?.DeepClone(),
            ["is_technician"] = by["is_technician"]?.DeepClone() ?? false,
            // "1" is the system itself.
            ["user_type"] = by["id"] is null ? "1" : "2",
        },
    };

    private static void Sent(ApiCall call, JsonObject mail)
    {
        var request = RequestRecord.Editable(call);
        if ((string?)mail["in_reply_to"]?["id"] is { } answered && !MayBeAnswered(call, request, answered))
            throw SdpError.Bad(Problem.Unknown("in_reply_to"));
        mail["sent_by"] = References.To(call.User);
        mail["sent_time"] = Times.Stamp(call.Now);
        mail["is_public"] ??= true;
        if ((string)mail["type"]! == "REQREPLY" && mail["is_public"]!.GetValue<bool>())
            RequestRecord.Responded(call, request);
        RequestRecord.Touch(call, request);
        RequestHistory.Write(call, request, (string)mail["type"]! == "REQREPLY" ? "REPLY" : "FORWARD", "Mail sent");
        call.Instance.Send(new OutboxMessage
        {
            Seq = 0,
            Portal = call.Instance.Name,
            RequestId = (string)request["id"]!,
            Type = (string)mail["type"]!,
            From = (string)call.User["email_id"]!,
            To = Addresses("to"),
            Cc = Addresses("cc"),
            Bcc = Addresses("bcc"),
            Subject = (string)mail["subject"]!,
            Description = (string)mail["description"]!,
            InReplyTo = (string?)mail["in_reply_to"]?["id"],
            Time = call.Instance.Clock.GetUtcNow(),
        });

        string[] Addresses(string name) => mail[name] is JsonArray array ? [.. array.Select(address => (string)address!)] : [];
    }

    // The one client known to send it names the request; the field's name speaks of a message.
    private static bool MayBeAnswered(ApiCall call, JsonObject request, string id) => call.Instance.Switches.ReplyTarget switch
    {
        ReplyTarget.Request => id == (string?)request["id"],
        ReplyTarget.Message => call.Table("/requests/{id}/notifications").Find(id) is not null,
        _ => id == (string?)request["id"] || call.Table("/requests/{id}/notifications").Find(id) is not null,
    };
}

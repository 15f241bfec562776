using System.Text.Json.Nodes;
using Sidecar.Simulator.Sdp.Requests;
using Sidecar.Simulator.Sdp.Wire;

namespace Sidecar.Simulator.Sdp.Seeding;

/// <summary>Requests of the last 90 days, the older the likelier to be closed.</summary>
internal static class Tickets
{
    private const long Minute = 60_000, Hour = 60 * Minute, Day = 24 * Hour;

    public static void Fill(Instance instance, Random random, int count, IReadOnlyList<TicketText> texts)
    {
        var now = instance.Clock.Milliseconds;
        for (var i = 0; i < count; i++)
        {
            // Evenly over 90 days, the last one a few minutes old.
            var created = now - (90 * Day * (count - i) / count) + random.Next((int)(2 * Hour));
            created = Math.Min(created, now - (5 * Minute));
            var request = One(instance, random, texts[random.Next(texts.Count)], created, now);
            if (random.Next(2) == 0)
                Thread(instance, random, request, created, now);
        }
    }

    public static JsonObject One(Instance instance, Random random, TicketText text, long created, long now)
    {
        var requester = random.Pick(instance.Table("requesters").Rows);
        var template = instance.Table("request_templates").Rows[random.Next(10) switch { < 6 => 0, var n => n % instance.Table("request_templates").Rows.Count }];
        var request = RequestRecord.New(instance, template, requester, created);
        request["subject"] = text.Subject;
        request["description"] = $"<div>Hello,<br/><br/>{text.Body}<br/><br/>Regards<br/>{requester["first_name"]}</div>";
        if (random.Next(12) == 0)
            request["description"] = $"<![CDATA[{request["description"]}]]>";
        request["requester"] = requester.Reference();
        request["department"] = requester["department"]?.DeepClone();
        Set("category", instance.Table("categories").Named(text.Category)!);
        Set("subcategory", instance.Table("subcategories").Named(text.Subcategory)!);
        Set("priority", instance.Table("priorities").Rows[random.Next(20) switch { 0 => 0, < 5 => 1, < 16 => 2, _ => 3 }]);
        Set("urgency", random.Pick(instance.Table("urgencies").Rows));
        Set("impact", random.Pick(instance.Table("impacts").Rows));
        Set("level", random.Pick(instance.Table("levels").Rows));
        Set("mode", random.Pick(instance.Table("modes").Rows));
        Set("request_type", random.Pick(instance.Table("request_types").Rows));
        Set("site", random.Pick(instance.Table("sites").Rows));
        request["due_by_time"] = Times.Stamp(created + ((8 + random.Next(64)) * Hour));
        request["first_response_due_by_time"] = Times.Stamp(created + (4 * Hour));
        request["is_service_request"] = template["is_service_template"]!.DeepClone();
        if (random.Next(4) == 0)
            request["udf_fields"]!["udf_char1"] = $"CC-{random.Next(100, 999)}";
        if (random.Next(8) == 0)
            request["udf_fields"]!["udf_multiselect1"] = new JsonArray("Berlin", "Remote");

        Assign(instance, random, request, created);
        Progress(instance, random, request, created, now);
        instance.Table("requests").Add(request);
        RequestHistory.Write(instance, request, requester, created, "CREATE", "Request created");
        return request;

        void Set(string field, JsonObject row) => request[field] = row.Reference();
    }

    private static void Assign(Instance instance, Random random, JsonObject request, long created)
    {
        // One in six waits for somebody to take it, half of those with no group either.
        var dice = random.Next(12);
        var technician = random.Pick(instance.Table("technicians").Rows);
        if (dice > 0)
            request["group"] = instance.Table("support_groups").Find((string)technician["_groups"]![0]!)!.Reference();
        if (dice <= 1)
            return;
        request["technician"] = technician.Reference();
        request["assigned_time"] = Times.Stamp(created + (10 * Minute));
    }

    private static void Progress(Instance instance, Random random, JsonObject request, long created, long now)
    {
        var age = now - created;
        var status = request["technician"] is null ? "Open"
            : random.Next((int)(90 * Day / Hour)) < age / Hour * 3 ? random.Next(8) switch { 0 => "Canceled", < 3 => "Resolved", _ => "Closed" }
            : random.Next(5) switch { 0 => "Onhold", < 3 => "In Progress", _ => "Open" };
        request["status"] = Status(instance, status).Reference();
        var touched = created + Math.Min(age / 2, (2 + random.Next(70)) * Hour);
        request["last_updated_time"] = Times.Stamp(touched);
        if (status == "Onhold")
            request["onhold_time"] = Times.Stamp(touched);
        if (status is not ("Resolved" or "Closed" or "Canceled"))
            return;
        request["responded_time"] = Times.Stamp(created + (age / 4 < Hour ? age / 4 : Hour));
        request["completed_time"] = status == "Resolved" ? null : Times.Stamp(touched);
        if (status == "Canceled")
            return;
        request["resolved_time"] = Times.Stamp(touched);
        request["resolution"] = new JsonObject
        {
            ["content"] = random.Pick(TicketTexts.Resolutions),
            ["submitted_on"] = Times.Stamp(touched),
            ["submitted_by"] = request["technician"]!.DeepClone(),
        };
        if (status != "Closed")
            return;
        request["closure_info"]!["closure_code"] = instance.Table("closure_codes").Named("Success")!.Reference();
        request["closure_info"]!["closure_comments"] = "Confirmed by the user.";
        request["closure_info"]!["requester_ack_resolution"] = true;
    }

    // By what it means: an instance may call it otherwise, or do without.
    private static JsonObject Status(Instance instance, string internalName) =>
        instance.Table("statuses").Rows.FirstOrDefault(row => (string?)row["internal_name"] == internalName) ?? instance.Table("statuses").Rows[0];

    private static void Thread(Instance instance, Random random, JsonObject request, long created, long now)
    {
        if (request["technician"] is not JsonObject technician)
            return;
        var (id, requester) = ((string)request["id"]!, request["requester"]!.AsObject());
        var step = Math.Max(Minute, Math.Min(3 * Hour, (now - created) / 8));
        Mail(technician, requester, random.Pick(TicketTexts.Replies), 1, "REQREPLY");
        request["responded_time"] ??= Times.Stamp(created + step);
        if (random.Next(3) > 0)
            Mail(requester, technician, random.Pick(TicketTexts.Answers), 2, "REQREPLY");
        for (var i = random.Next(3); i > 0; i--)
        {
            instance.Table($"requests/{id}/notes").Add(new JsonObject
            {
                ["id"] = instance.NextId(),
                ["description"] = random.Pick(TicketTexts.Notes),
                ["show_to_requester"] = random.Next(3) == 0,
                ["notify_technician"] = false,
                ["mark_first_response"] = false,
                ["add_to_linked_requests"] = false,
                ["added_by"] = technician.DeepClone(),
                ["added_time"] = Times.Stamp(created + (step * (2 + i))),
                ["created_by"] = technician.DeepClone(),
                ["created_time"] = Times.Stamp(created + (step * (2 + i))),
                ["last_updated_time"] = null,
            });
            request["has_notes"] = true;
        }

        void Mail(JsonObject from, JsonObject to, string html, int steps, string type) =>
            instance.Table($"requests/{id}/notifications").Add(new JsonObject
            {
                ["id"] = instance.NextId(),
                ["type"] = type,
                ["subject"] = $"Re: [Request ID :##{request["display_id"]}##] : {request["subject"]}",
                ["description"] = html,
                ["to"] = new JsonArray((string)to["email_id"]!),
                ["cc"] = new JsonArray(),
                ["bcc"] = new JsonArray(),
                ["is_public"] = true,
                ["in_reply_to"] = null,
                ["attachments"] = new JsonArray(),
                ["sent_by"] = from.DeepClone(),
                ["sent_time"] = Times.Stamp(created + (step * steps)),
            });
    }
}

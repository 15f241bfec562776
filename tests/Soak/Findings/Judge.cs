using System.Net;
using System.Text.Json.Nodes;
using Sidecar.Simulator;
using Sidecar.Soak.Load;

namespace Sidecar.Soak.Findings;

/// <summary>Holds what callers were told of each write against what the simulator has.</summary>
internal sealed class Judge
{
    private readonly Tally _tally;
    private readonly Dictionary<string, JsonObject> _requests;
    private readonly ILookup<string, JsonObject> _opened, _notes;
    private readonly ILookup<string, OutboxMessage> _mails;

    public Judge(Instance instance, Tally tally)
    {
        _tally = tally;
        _requests = instance.Records("requests").ToDictionary(row => (string)row["id"]!);
        _opened = ByMarker(_requests.Values, Description);
        _notes = ByMarker(_requests.Keys.SelectMany(id => instance.Records($"requests/{id}/notes")), Description);
        _mails = ByMarker(instance.Outbox, mail => mail.Description);
    }

    /// <summary>What is not as its caller was told; nothing if all is well.</summary>
    public string? Problem(Write write)
    {
        var (there, changes) = (There(write), _tally.Changes(write.Marker, write.Door));
        var resolutions = write.Tool == "close_request" ? _tally.Changes(write.Marker, Write.Change) : 0;
        var attempts = write.Replies.Count;
        if (write.IsCreate)
        {
            // Two counts of one thing: what is kept, and what was received.
            if (there != changes) return $"the journal has it {changes} times, the instance {there} times";
            if (there > 1) return $"it is there {there} times";
        }
        else if (changes > attempts || resolutions > attempts)
        {
            return $"{attempts} calls have changed it {Math.Max(changes, resolutions)} times";
        }

        return write.Outcome switch
        {
            Outcome.Done when changes == 0 => "it was called done and is not there",
            Outcome.Done when Differs(write) is { } difference => $"it was called done and {difference}",
            Outcome.Nothing when changes + resolutions > 0 => "it was said that nothing was changed, and it is there",
            Outcome.Partly when changes + resolutions == 0 => "it was said that a part was done, and nothing is there",
            _ => null,
        };
    }

    /// <summary>How a request of somebody's own looks in the end, where it is not as the last change asked.</summary>
    public string? Problem(Ticket ticket)
    {
        var subject = (string?)_requests[ticket.Id]["subject"];
        var done = ticket.Updates.FindLastIndex(write => write.Outcome == Outcome.Done);
        var mayBe = ticket.Updates.Skip(done + 1).Where(write => write.Outcome is Outcome.Unknown or Outcome.Partly).Select(write => write.Text).ToList();
        if (done >= 0) mayBe.Add(ticket.Updates[done].Text);
        return mayBe.Count == 0 || mayBe.Contains(subject ?? "") || (done < 0 && IsAsOpened(_requests[ticket.Id]))
            ? null : $"request {ticket.Number} has the subject \"{subject}\", not that of its last change";
    }

    private int There(Write write) => write.Tool switch
    {
        "create_request" => _opened[write.Marker].Count(),
        "add_note" or "add_private_note" => _notes[write.Marker].Count(),
        "reply_to_requester" => _mails[write.Marker].Count(),
        _ => 0,
    };

    private string? Differs(Write write)
    {
        switch (write.Tool)
        {
            case "create_request":
                var opened = _opened[write.Marker].Single();
                return Plain(Description(opened)) != write.Text ? "its text is another"
                    : IsAsOpened(opened) && (string?)opened["priority"]?["name"] != (string?)write.Arguments["priority"] ? "its priority is another"
                    : (string?)opened["requester"]?["email_id"] != (string?)write.Arguments["requester"] ? "its requester is another" : null;
            case "add_note" or "add_private_note":
                var note = _notes[write.Marker].Single();
                return Plain(Description(note)) != write.Text ? "its text is another"
                    : (bool?)note["show_to_requester"] != (write.Tool == "add_note") ? "the wrong people see it" : null;
            case "reply_to_requester":
                var mail = _mails[write.Marker].Single();
                return Plain(mail.Description) != write.Text ? "its text is another"
                    : mail.RequestId != write.Ticket!.Id ? "it belongs to another request"
                    : mail.To.SequenceEqual([(string?)_requests[write.Ticket.Id]["requester"]?["email_id"] ?? ""]) ? null : "it went to somebody else";
            case "close_request":
                var request = _requests[write.Ticket!.Id];
                return (string?)request["status"]?["name"] != "Closed" ? "it is not closed"
                    : Plain((string?)request["resolution"]?["content"] ?? "") != write.Text ? "its resolution is another" : null;
            default:
                return null;
        }
    }

    // Only the subject it was opened with has more than a marker.
    private static bool IsAsOpened(JsonObject request) => ((string?)request["subject"])?.Contains("x: ", StringComparison.Ordinal) == true;

    private static string Description(JsonObject record) => (string?)record["description"] ?? "";

    private static string Plain(string html) => WebUtility.HtmlDecode(html.Replace("<br>", "\n", StringComparison.Ordinal));

    private static ILookup<string, T> ByMarker<T>(IEnumerable<T> of, Func<T, string> text) =>
        of.SelectMany(one => Write.MarkersIn(text(one)).Select(marker => (marker, one))).ToLookup(pair => pair.marker, pair => pair.one);
}

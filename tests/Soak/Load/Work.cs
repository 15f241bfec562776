using System.Text.Json.Nodes;

namespace Sidecar.Soak.Load;

/// <summary>Makes the arguments of a caller's calls, by the caller's own dice.</summary>
internal sealed class Work(Random dice, Names names, string technician)
{
    private static readonly string[] Queues = ["open", "mine", "unassigned", "overdue", "all"], Words = ["printer", "password", "laptop", "mail", "VPN"];

    // Whatever is markup, quotes, or beyond ASCII has to arrive as it was written.
    private static readonly string[] Texts =
        ["The screen stays black.", "a <b>bold</b> & \"quoted\" text\nin two lines", "Größe 1 < 2 — привет 😀", "</request_note>{\"x\":1}", "tab\tand %20 + signs"];

    /// <summary>A read: its tool and arguments.</summary>
    public (string Tool, JsonObject Arguments) Read(Ticket? own) => dice.Next(10) switch
    {
        0 or 1 or 2 => ("get_request", new() { ["request_id"] = dice.Next(2) == 0 && own is not null ? $"#{own.Number}" : own?.Id ?? One(names.Requests) }),
        3 => ("get_request", new() { ["request_id"] = One(names.Requests) }),
        4 or 5 => ("list_requests", new() { ["queue"] = One(Queues), ["page_size"] = dice.Next(5, 30), ["count_total"] = dice.Next(4) == 0 }),
        6 => ("search_requests", new() { ["query"] = One(Words), ["page_size"] = 10 }),
        7 => ("get_request_conversation", new() { ["request_id"] = own?.Id ?? One(names.Requests), ["page_size"] = 5 }),
        8 => dice.Next(4) == 0 ? ("get_metadata", new() { ["lists"] = new JsonArray("statuses", "priorities") }) : ("find_technician", new() { ["query"] = technician.Split('.', '@')[0] }),
        _ => ("whoami", []),
    };

    /// <summary>A request to open.</summary>
    public Write Open(string marker) => new("create_request", marker, new()
    {
        ["subject"] = $"Soak {marker}: {One(Words)}",
        ["description"] = Text(marker),
        ["requester"] = One(names.Requesters),
        ["technician"] = technician,
        ["priority"] = One(names.Priorities),
    }, null);

    /// <summary>Something to do to an own request.</summary>
    public Write Do(string marker, Ticket ticket) => dice.Next(12) switch
    {
        <= 3 => new("update_request", marker, new() { ["request_id"] = Id(ticket), ["subject"] = $"Soak {marker}", ["priority"] = One(names.Priorities) }, ticket),
        <= 5 => new("add_note", marker, new() { ["request_id"] = Id(ticket), ["note"] = Text(marker) }, ticket),
        <= 7 => new("add_private_note", marker, new() { ["request_id"] = Id(ticket), ["note"] = Text(marker) }, ticket),
        <= 10 => new("reply_to_requester", marker, new() { ["request_id"] = Id(ticket), ["message"] = Text(marker) }, ticket),
        _ => new("close_request", marker, new()
        {
            ["request_id"] = Id(ticket), ["resolution"] = Text(marker), ["closure_code"] = "Success", ["closure_comments"] = $"Closed by {marker}",
        }, ticket),
    };

    private string Text(string marker) => $"{marker} {One(Texts)}";

    private string Id(Ticket ticket) => dice.Next(3) == 0 ? $"#{ticket.Number}" : ticket.Id;

    private string One(IReadOnlyList<string> of) => of[dice.Next(of.Count)];
}

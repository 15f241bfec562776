using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Sidecar.Soak.Load;

/// <summary>One write as its caller sees it: the identical call, made once or repeated.</summary>
/// <param name="Tool">The tool.</param>
/// <param name="Marker">A word that is in its text and in no other's.</param>
/// <param name="Arguments">What was asked for.</param>
/// <param name="Ticket">The request it is about; null where it opens one.</param>
internal sealed partial record Write(string Tool, string Marker, JsonObject Arguments, Ticket? Ticket)
{
    private readonly List<Reply> _replies = [];

    /// <summary>What was said, attempt by attempt.</summary>
    public IReadOnlyList<Reply> Replies => _replies;

    /// <summary>It was not known whether it is there; the caller looked, and it is.</summary>
    public bool WasFound { get; set; }

    /// <summary>All that was said, taken together: what is done stays done, and what is open stays open.</summary>
    public Outcome Outcome =>
        WasFound || _replies.Any(reply => reply.Outcome == Outcome.Done) ? Outcome.Done
        : _replies.Any(reply => reply.Outcome == Outcome.Partly) ? Outcome.Partly
        : _replies.Any(reply => reply.Outcome == Outcome.Unknown) ? Outcome.Unknown
        : Outcome.Nothing;

    /// <summary>True if it makes something new: what may be repeated without changing anything twice is no concern here.</summary>
    public bool IsCreate => Tool is "create_request" or "add_note" or "add_private_note" or "reply_to_requester";

    /// <summary>The argument that carries its text.</summary>
    public string Text => (string)Arguments[Tool switch
    {
        "create_request" => "description",
        "update_request" => "subject",
        "close_request" => "resolution",
        "reply_to_requester" => "message",
        _ => "note",
    }]!;

    /// <summary>Method and last word of the path that it goes to.</summary>
    public string Door => Tool switch
    {
        "create_request" => "POST requests",
        "update_request" => Change,
        "close_request" => "PUT close",
        "reply_to_requester" => "POST notifications",
        _ => "POST notes",
    };

    /// <summary>The door of changes to a request; closing writes the resolution by it.</summary>
    public const string Change = "PUT requests";

    public void Add(Reply reply) => _replies.Add(reply);

    public static string Mark(int seed, int caller, int number) => FormattableString.Invariant($"soak{seed}c{caller}n{number}x");

    /// <summary>The markers in a text.</summary>
    public static IEnumerable<string> MarkersIn(string text) => Markers().Matches(text).Select(match => match.Value).Distinct();

    public override string ToString() => $"{Tool} {Marker}: {string.Join(" | ", _replies.Select(reply => $"{reply.Outcome}: {reply.Text.Split('\n')[0]}"))}{(WasFound ? " | found" : "")}";

    [GeneratedRegex("soak-?[0-9]+c[0-9]+n[0-9]+x")]
    private static partial Regex Markers();
}

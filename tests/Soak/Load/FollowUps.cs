using System.Text.Json.Nodes;

namespace Sidecar.Soak.Load;

/// <summary>The creates whose fate one caller does not know, and what it does about them.</summary>
internal sealed class FollowUps(SoakOptions options, Scene scene, ToolCaller tools, Ledger ledger)
{
    // Longer than anything that was sent can still be on its way.
    private static readonly TimeSpan BeforeLooking = (2 * Scene.WriteTimeout) + TimeSpan.FromSeconds(2), BeforeRepeating = TimeSpan.FromSeconds(2), Again = TimeSpan.FromSeconds(1);
    private const int MostTries = 20;

    private readonly List<Open> _open = [];

    /// <summary>Takes note of one.</summary>
    /// <param name="write">The write.</param>
    /// <param name="reply">What was said.</param>
    /// <param name="brokerLife">The broker that it was sent to.</param>
    public void Add(Write write, Reply reply, int brokerLife)
    {
        // Where the broker did not speak itself, it does not know either that the caller knows nothing: so look.
        var look = options.AfterUnknown == AfterUnknown.Look || reply.IsSilence || !reply.Text.Contains("ServiceDesk Plus", StringComparison.Ordinal);
        _open.Add(new Open(write, brokerLife) { Look = look, Due = Now + Longer(look ? BeforeLooking : BeforeRepeating, reply.Wait) });
    }

    /// <summary>Does what is due.</summary>
    public async Task TendAsync(CancellationToken cancellationToken)
    {
        if (_open.Find(open => open.Due <= Now) is not { } due) return;
        // A new broker knows nothing of what the old one left open, and the caller is as careful as it is told to be.
        if (!due.Look && due.BrokerLife != scene.BrokerLife) (due.Look, due.Due) = (true, Now + BeforeLooking);
        else if (await (due.Look ? LookAsync(due, cancellationToken) : RepeatAsync(due, cancellationToken)) || ++due.Tries == MostTries) _open.Remove(due);
    }

    public async Task SettleAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        var end = Now + atMost;
        while (_open.Count > 0 && Now < end)
        {
            await TendAsync(cancellationToken);
            await Task.Delay(100, cancellationToken);
        }

        foreach (var _ in _open) ledger.CountRepeat("still open in the end");
    }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private static TimeSpan Longer(TimeSpan left, TimeSpan right) => left > right ? left : right;

    private async Task<bool> RepeatAsync(Open open, CancellationToken cancellationToken)
    {
        var reply = await CallAsync(open.Write, cancellationToken);
        ledger.CountRepeat($"repeated: {reply.Outcome.ToString().ToLowerInvariant()}{(reply.Wait > TimeSpan.Zero ? ", told to wait" : "")}");
        if (reply.Outcome == Outcome.Done) return true;
        // "Nothing" is said of the repeat; what became of the first is still not known.
        if (reply.IsSilence || !reply.Text.Contains("ServiceDesk Plus", StringComparison.Ordinal)) open.Look = true;
        open.Due = Now + Longer(open.Look ? BeforeLooking : BeforeRepeating, reply.Wait);
        return false;
    }

    private async Task<bool> LookAsync(Open open, CancellationToken cancellationToken)
    {
        var write = open.Write;
        var (tool, arguments) = write.Ticket is { } ticket
            ? ("get_request_conversation", new JsonObject { ["request_id"] = ticket.Id, ["page_size"] = 50 })
            : ("search_requests", new JsonObject { ["query"] = write.Marker });
        var seen = await tools.CallAsync(tool, arguments, cancellationToken);
        ledger.Count(tool, seen);
        open.Due = Now + Again;
        if (seen.Answer is not { } answer) return false;
        if (answer.ToJsonString().Contains(write.Marker, StringComparison.Ordinal))
        {
            write.WasFound = true;
            ledger.CountRepeat("looked: there");
            return true;
        }

        // What could not be read may be it.
        if (answer["notice"] is not null || (bool?)answer["has_more"] == true) return false;
        ledger.CountRepeat("looked: not there, called again");
        var reply = await CallAsync(write, cancellationToken);
        open.Due = Now + BeforeLooking;
        return reply.Outcome is Outcome.Done or Outcome.Nothing;
    }

    private async Task<Reply> CallAsync(Write write, CancellationToken cancellationToken)
    {
        var reply = await tools.CallAsync(write.Tool, write.Arguments, cancellationToken);
        ledger.Count(write.Tool, reply);
        write.Add(reply);
        return reply;
    }

    private sealed class Open(Write write, int brokerLife)
    {
        public Write Write => write;
        public int BrokerLife => brokerLife;
        public bool Look { get; set; }
        public DateTimeOffset Due { get; set; }
        public int Tries { get; set; }
    }
}

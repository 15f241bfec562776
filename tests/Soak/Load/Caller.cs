namespace Sidecar.Soak.Load;

/// <summary>Works like a model that takes care: reads, writes, and never drops a write whose fate it does not know.</summary>
internal sealed class Caller(int number, SoakOptions options, Scene scene, ToolCaller tools, Ledger ledger, Names names)
{
    private const int MostTickets = 6;

    private readonly Random _dice = new(HashCode.Combine(options.Seed, number));
    private readonly List<Ticket> _tickets = [];
    private readonly FollowUps _open = new(options, scene, tools, ledger);
    private int _marks;

    /// <summary>Calls, one after the other, until it is stopped; what is begun is finished.</summary>
    public async Task RunAsync(CancellationToken stop, CancellationToken cancellationToken)
    {
        var work = new Work(_dice, names, scene.Technician);
        while (!stop.IsCancellationRequested)
        {
            await _open.TendAsync(cancellationToken);
            await NextAsync(work, cancellationToken);
            await Task.Delay(_dice.Next(30, 250), cancellationToken);
        }
    }

    /// <summary>Finds out what came of all that is still open, as far as that can be.</summary>
    public Task SettleAsync(TimeSpan atMost, CancellationToken cancellationToken) => _open.SettleAsync(atMost, cancellationToken);

    private async Task NextAsync(Work work, CancellationToken cancellationToken)
    {
        var own = _tickets.Count > 0 ? _tickets[_dice.Next(_tickets.Count)] : null;
        var turn = _dice.Next(100);
        if (turn < 10 && _tickets.Count < MostTickets) await WriteAsync(work.Open(Mark()), cancellationToken);
        else if (turn < 50 && own is not null) await WriteAsync(work.Do(Mark(), own), cancellationToken);
        else await ReadAsync(work, own, cancellationToken);
    }

    private async Task ReadAsync(Work work, Ticket? own, CancellationToken cancellationToken)
    {
        var (tool, arguments) = work.Read(own);
        var reply = await tools.CallAsync(tool, arguments, cancellationToken);
        ledger.Count(tool, reply);
        if (tool != "get_request" || reply.Answer is not { } answer) return;
        var asked = (string)arguments["request_id"]!;
        var member = asked[0] == '#' ? "display_id" : "id";
        if ((string?)answer[member] != asked.TrimStart('#')) ledger.WrongAnswers.Enqueue($"get_request of {asked} answered with {member} {answer[member]}");
    }

    private async Task WriteAsync(Write write, CancellationToken cancellationToken)
    {
        ledger.Writes.Enqueue(write);
        if (write.Tool == "update_request") write.Ticket!.Updates.Add(write);
        var life = scene.BrokerLife;
        var reply = await tools.CallAsync(write.Tool, write.Arguments, cancellationToken);
        ledger.Count(write.Tool, reply);
        write.Add(reply);

        if (reply.Answer is { } answer)
        {
            // What a caller is shown is what it asked for. The answer to an e-mail does not repeat its text.
            if (write.Tool != "reply_to_requester" && !answer.ToJsonString().Contains(write.Marker, StringComparison.Ordinal))
                ledger.WrongAnswers.Enqueue($"{write.Tool} {write.Marker} answered with something else");
            if (write.Tool == "create_request") _tickets.Add(new Ticket((string)answer["id"]!, (string)answer["display_id"]!));
        }

        if (write.IsCreate)
        {
            if (reply.Outcome == Outcome.Unknown) _open.Add(write, reply, life);
        }
        else if (reply.Outcome is Outcome.Unknown or Outcome.Partly || (write.Tool == "close_request" && reply.Outcome == Outcome.Done))
        {
            Retire(write.Ticket!);
        }

        // A caller that has closed a few goes on with new ones, and leaves some for others to see.
        if (_tickets.Count == MostTickets && _dice.Next(10) == 0) Retire(_tickets[0]);
    }

    private void Retire(Ticket ticket)
    {
        ticket.IsRetired = true;
        _tickets.Remove(ticket);
    }

    private string Mark() => Write.Mark(options.Seed, number, ++_marks);
}

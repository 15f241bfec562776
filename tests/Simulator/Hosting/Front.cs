using System.Globalization;
using Sidecar.Simulator.Control;
using Sidecar.Simulator.Sdp;

namespace Sidecar.Simulator.Hosting;

/// <summary>The door of all services: reads the request, writes the journal, applies faults, asks the service.</summary>
internal sealed class Front(World world)
{
    private readonly ControlApi _control = new(world);
    private readonly SdpApi _sdp = new(world);

    public async Task HandleAsync(HttpContext context)
    {
        var service = Listeners.ServiceOf(context);
        var exchange = await Exchange.ReadAsync(context, service);
        if (service == Service.Control)
        {
            await FaultySender.SendAsync(context, null, () => _control.Answer(exchange), Task.CompletedTask);
            return;
        }

        // The services' clock can be moved; their answers carry its time.
        context.Response.Headers.Date = world.Clock.GetUtcNow().ToString("R", CultureInfo.InvariantCulture);
        var entry = world.Journal.Open(exchange, world.Clock.GetUtcNow());
        var fault = world.Faults.Take(service, exchange.Method, exchange.Path);
        if (fault is not null)
            world.Journal.Update(entry = entry with { Fault = fault.Kind.ToString() });

        int? status = null;
        try
        {
            status = await FaultySender.SendAsync(context, fault, () => Answer(exchange, ref entry), world.Faults.Cleared);
        }
        finally
        {
            world.Journal.Update(entry with { Status = status });
        }
    }

    private Answer Answer(Exchange exchange, ref JournalEntry entry)
    {
        Answer answer;
        // One at a time: every service works on plain collections.
        lock (world.Gate)
            answer = exchange.Service switch
            {
                Service.Accounts => world.Accounts.Answer(exchange),
                Service.Sdp => _sdp.Answer(exchange),
                Service.Vault => world.Vault.Answer(exchange),
                _ => world.Entra.Answer(exchange),
            };

        // Told before the answer leaves: whoever has the answer finds it in the journal.
        entry = entry with { TokenOrdinal = exchange.TokenOrdinal, Changed = exchange.Changed, Status = answer.Status };
        world.Journal.Update(entry);
        return answer;
    }
}

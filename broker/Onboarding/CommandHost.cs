using System.Runtime.InteropServices;
using Sidecar.Broker.Hosting;
using Sidecar.Broker.Onboarding.Terminals;

namespace Sidecar.Broker.Onboarding;

/// <summary>Runs a command to an end that is told: what happened, what was changed, what to do next.</summary>
internal static class CommandHost
{
    /// <param name="terminal">Where it is told.</param>
    /// <param name="command">The command, which notes what it changes; returns its exit code.</param>
    /// <param name="cancellationToken">Ends it early, as Ctrl-C and SIGTERM do.</param>
    public static async Task<int> RunAsync(Terminal terminal, Func<Deeds, CancellationToken, Task<int>> command, CancellationToken cancellationToken)
    {
        var deeds = new Deeds();
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var ctrlC = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
        try
        {
            return await command(deeds, interrupt.Token);
        }
        catch (CommandFailure failure)
        {
            Tell(failure.Message, failure.Next);
        }
        catch (OperationCanceledException) when (interrupt.IsCancellationRequested)
        {
            Tell("Interrupted.", "Run the command again: it goes on where it was.");
        }

        return ExitCodes.Failed;

        // The command line's own handler is off, because a server's end is its host's. Who asks twice does not wait for the end.
        void Interrupt(PosixSignalContext signal)
        {
            signal.Cancel = !interrupt.IsCancellationRequested;
            interrupt.Cancel();
        }

        void Tell(string what, string next)
        {
            terminal.Say();
            terminal.Bad(what);
            terminal.Say($"{deeds}");
            terminal.Say($"Next: {next}");
        }
    }
}

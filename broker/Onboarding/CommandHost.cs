using Sidecar.Broker.Hosting;
using Sidecar.Broker.Onboarding.Terminals;

namespace Sidecar.Broker.Onboarding;

/// <summary>Runs a command to an end that is told: what happened, what was changed, what to do next.</summary>
internal static class CommandHost
{
    /// <param name="terminal">Where it is told.</param>
    /// <param name="command">The command, which notes what it changes; returns its exit code.</param>
    /// <param name="cancellationToken">Ends it early: Ctrl-C, or SIGTERM.</param>
    public static async Task<int> RunAsync(Terminal terminal, Func<Deeds, CancellationToken, Task<int>> command, CancellationToken cancellationToken)
    {
        var deeds = new Deeds();
        try
        {
            return await command(deeds, cancellationToken);
        }
        catch (CommandFailure failure)
        {
            Tell(failure.Message, failure.Next);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Tell("Interrupted.", "Run the command again: it goes on where it was.");
        }

        return ExitCodes.Failed;

        void Tell(string what, string next)
        {
            terminal.Say();
            terminal.Bad(what);
            terminal.Say($"{deeds}");
            terminal.Say($"Next: {next}");
        }
    }
}

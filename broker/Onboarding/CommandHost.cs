using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;
using Sidecar.Broker.Hosting;
using Sidecar.Broker.Onboarding.Terminals;

namespace Sidecar.Broker.Onboarding;

/// <summary>Runs a command to an end that is told: what happened, what was changed, what to do next.</summary>
internal static class CommandHost
{
    /// <param name="terminal">Where it is told.</param>
    /// <param name="command">The command, which notes what it changes; returns its exit code.</param>
    /// <param name="cancellationToken">Ends it early, as a signal does.</param>
    public static async Task<int> RunAsync(Terminal terminal, Func<Deeds, CancellationToken, Task<int>> command, CancellationToken cancellationToken)
    {
        var deeds = new Deeds();
        // Ctrl-C, a closed terminal and a runtime that stops the container alike: what is under way is brought to a known end.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var hungUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
        try
        {
            return await command(deeds, stop.Token);
        }
        catch (CommandFailure failure)
        {
            Tell(failure.Message, failure.Next, failure.IsUnsure);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            Tell("Interrupted.", "Run the command again: it goes on where it was.");
        }

        catch (OperationCanceledException)
        {
            Tell("Something did not answer in time.", "Run the command again: it goes on where it was.", isUnsure: true);
        }
        catch (Exception exception) when (exception is InvalidDataException or FormatException or OptionsValidationException)
        {
            Tell($"The settings cannot be used: {exception.Message}", "Correct appsettings.json, the environment, or the option.");
        }
        catch (Exception exception)
        {
            // A fault of ours. Its message and its stack could quote anything.
            Tell($"An unexpected {exception.GetType().Name} ended the command.", "Run it again: it goes on where it was. If it happens again, report it.", isUnsure: true);
        }

        return ExitCodes.Failed;

        void Stop(PosixSignalContext signal)
        {
            // Who asks twice does not wait for the end.
            signal.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        }

        void Tell(string what, string next, bool isUnsure = false)
        {
            try
            {
                terminal.Say();
                terminal.Bad(what);
                terminal.Say(deeds.Tell(isUnsure));
                terminal.Say($"Next: {next}");
            }
            catch (IOException)
            {
                // The terminal is gone.
            }
        }
    }
}

using System.CommandLine;
using Sidecar.Broker.Onboarding.Bulk;
using Sidecar.Broker.Onboarding.Terminals;

namespace Sidecar.Broker.Onboarding;

/// <summary><c>broker onboard</c>.</summary>
internal static class OnboardCommand
{
    private const string Description = """
        Gives a technician a credential in Key Vault and a pod's overlay.

        Gets a grant from the user (in a browser, by a code of Zoho's API console, or from a file), checks that it works and is the user's, writes it as one secret, reads it back, and writes k8s/users/SLUG. Nothing is stored on this machine. Run it again at any time: it says what is there and changes only what differs.
        Exit code 0: all is in place. 1: not; it says what was changed and what to do next.
        """;

    public static Command Create()
    {
        var options = new OnboardOptions();
        var command = new Command("onboard", Description);
        options.AddTo(command);
        BulkOptions.AddTo(command, options.User);
        command.SetAction((parsed, cancellationToken) =>
        {
            var terminal = Terminal.Create();
            return CommandHost.RunAsync(
                terminal,
                async (deeds, end) =>
                {
                    await using var surroundings = CommonOptions.Surroundings(parsed, options.Identity, options.CaFile, options.Timeout);
                    if (options.Bulk(parsed) is { } bulk) return await BulkOnboarding.RunAsync(terminal, surroundings, parsed.GetRequiredValue(options.Vault), bulk, end);
                    return await new OnboardFlow(options.Read(parsed), surroundings, terminal, deeds).RunAsync(end);
                },
                cancellationToken);
        });
        return command;
    }
}

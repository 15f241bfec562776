using System.CommandLine;
using Sidecar.Broker.Onboarding.Bulk;
using Sidecar.Broker.Onboarding.Terminals;

namespace Sidecar.Broker.Onboarding;

/// <summary><c>broker onboard</c>.</summary>
internal static class OnboardCommand
{
    private const string Summary = "Gives a technician a credential in Key Vault, and the Kubernetes overlay of their pod.";

    private const string Guide = """
        How it goes:
          Looks what the vault has. Gets a grant from the user, or takes the credential you have. Tries it,
          and sees that it is the user's. Writes it as one secret and reads it back. Writes
          k8s/users/SLUG. Shows the configuration of the user's AI client, and the commands for Azure.
          Nothing secret is stored on this machine, nor taken from the command line: it is asked for, or
          read from standard input or a file. Run it again at any time: it changes only what differs.

        Examples:
          The user sits here and consents in a browser, to an OAuth client whose redirect URI is
          http://localhost:7420/callback:
            broker onboard ada@example.com --vault https://my-vault.vault.azure.net --dc eu \
              --client-id 1000.ABC

          No browser on this machine: a code of a Self Client, which the user makes in Zoho's API console
          with the scopes that are shown:
            broker onboard ada@example.com --vault https://my-vault.vault.azure.net --dc eu \
              --client-id 1000.ABC --grant SelfClient

          To look only, and with the tools for requests alone:
            broker onboard ada@example.com --vault https://my-vault.vault.azure.net --dc eu \
              --client-id 1000.ABC --toolsets requests --read-only

          A credential that exists, from a program that keeps it; no question is asked:
            PROGRAM | broker onboard ada@example.com --vault https://my-vault.vault.azure.net \
              --credential - --yes

          ServiceDesk Plus on premises: the technician's key is asked for.
            broker onboard ada@example.com --vault https://my-vault.vault.azure.net --kind on-prem \
              --base-url https://sdp.example.com:8080

          A list of users who have credentials, with a report:
            broker onboard --from users.csv --vault https://my-vault.vault.azure.net --report report.csv

          What would be done:
            broker onboard ada@example.com --vault https://my-vault.vault.azure.net --dc eu --dry-run

        Exit code 0: all is in place. 1: not; it says what was changed and what to do next.
        """;

    public static Command Create()
    {
        var options = new OnboardOptions();
        var command = new GuidedCommand("onboard", Summary, Guide);
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
                    if (options.Bulk(parsed) is { } bulk) return await BulkOnboarding.RunAsync(terminal, surroundings, parsed.GetRequiredValue(options.Vault), bulk, deeds, end);
                    options.Check(parsed);
                    var user = parsed.GetRequiredValue(options.User);
                    terminal.Say($"Onboarding {user}");
                    var vault = surroundings.Vault(parsed.GetRequiredValue(options.Vault));
                    var there = await Present.LookAsync(vault, user, terminal, end);
                    return await new OnboardFlow(options.Read(parsed, Present.Of(there)), vault, surroundings, terminal, deeds).RunAsync(there, end);
                },
                cancellationToken);
        });
        return command;
    }
}

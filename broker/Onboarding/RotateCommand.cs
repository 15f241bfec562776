using System.CommandLine;
using Sidecar.Broker.Onboarding.Terminals;

namespace Sidecar.Broker.Onboarding;

/// <summary><c>broker rotate</c>.</summary>
internal static class RotateCommand
{
    private const string Summary = "Gives a user a new credential, and ends the one before.";

    private const string Guide = """
        How it goes:
          Makes a new grant as onboard does, tries it, and writes it as a new version of the user's secret.
          Running brokers read it within --grace; only then is the grant before revoked and its version
          switched off. Instance, portal and toolsets stay as they are. Interrupted at any moment, a rerun
          goes on: if only the end of the one before is left to do, it does that and asks for nothing.

        Examples:
          The user consents in a browser, to the OAuth client of before:
            broker rotate ada@example.com --vault https://my-vault.vault.azure.net

          No pod runs that would have to read it first:
            broker rotate ada@example.com --vault https://my-vault.vault.azure.net --grace 0

        Exit code 0: the new credential is in place and the one before has ended. 1: not; it says what was
        changed and what to do next.
        """;

    public static Command Create()
    {
        var options = new OnboardOptions();
        var grace = new Option<int>("--grace")
        {
            HelpName = "SECONDS",
            Description = "Seconds that running brokers have to read the new credential before the one before ends.",
            DefaultValueFactory = _ => (int)GracePeriod.Default.TotalSeconds,
        };
        grace.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && result.GetValueOrDefault<int>() is < 0 or > 86400) result.AddError("--grace is not between 0 and 86400 seconds.");
        });
        var command = new GuidedCommand("rotate", Summary, Guide);
        options.AddTo(command, forRotation: true);
        command.Add(grace);
        command.SetAction((parsed, cancellationToken) =>
        {
            var terminal = Terminal.Create();
            return CommandHost.RunAsync(
                terminal,
                async (deeds, end) =>
                {
                    await using var surroundings = CommonOptions.Surroundings(parsed, options.Identity, options.CaFile, options.Timeout);
                    var user = parsed.GetRequiredValue(options.User);
                    terminal.Say($"A new credential for {user}");
                    var vault = surroundings.Vault(parsed.GetRequiredValue(options.Vault));
                    var there = await Present.LookAsync(vault, user, terminal, end);
                    if (Present.Of(there) is not { } present) throw new CommandFailure($"{user} has no credential that could be rotated.", $"Onboard the user: broker onboard {user}.");
                    if (present.Tags.Access.Length == 0)
                        throw new CommandFailure($"The secret does not say what {user} may do: it was not written by broker onboard.", $"Run broker onboard {user} once, with --toolsets and --read-only as they are meant to be.");
                    var wish = options.Read(parsed, present) with { Renew = true, Grace = TimeSpan.FromSeconds(parsed.GetValue(grace)) };
                    return await new OnboardFlow(wish, vault, surroundings, terminal, deeds).RunAsync(there, end);
                },
                cancellationToken);
        });
        return command;
    }
}

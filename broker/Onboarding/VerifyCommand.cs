using System.CommandLine;
using Sidecar.Broker.Hosting;
using Sidecar.Broker.Onboarding.Terminals;
using Sidecar.Broker.Onboarding.Verify;

namespace Sidecar.Broker.Onboarding;

/// <summary><c>broker verify</c>: a doctor for one user.</summary>
internal static class VerifyCommand
{
    private const string Summary = "Looks at all that a user's pod depends on, and says what to do about what is wrong.";

    private const string Guide = """
        How it goes:
          In this order: the vault and the secret, the credential in it, data centre, token, whose grant it
          is, instance and portal, each scope by reading one row, the instance's clock. Nothing is changed
          but the secret's tag "verified", and that only if nothing is wrong.

        Examples:
          For a person, and for a program:
            broker verify ada@example.com --vault https://my-vault.vault.azure.net
            broker verify ada@example.com --vault https://my-vault.vault.azure.net --json --no-record

        Exit code 0: nothing is wrong. 1: something is, or the command was interrupted.
        """;

    public static Command Create()
    {
        var user = CommonOptions.User();
        var (vault, identity, caFile, timeout, json) = (CommonOptions.Vault(), CommonOptions.Identity(), CommonOptions.CaFile(), CommonOptions.Timeout(), CommonOptions.Json());
        var allowMismatch = new Option<bool>("--allow-mismatch") { Description = "Accept a credential that is another person's." };
        var noRecord = new Option<bool>("--no-record") { Description = "Change nothing at all: leave the tag \"verified\" as it is." };
        var command = new GuidedCommand("verify", Summary, Guide) { user, vault, allowMismatch, noRecord, json, identity, caFile, timeout };
        command.SetAction((parsed, cancellationToken) =>
        {
            var terminal = Terminal.Create(parsed.GetValue(json));
            return CommandHost.RunAsync(
                terminal,
                async (deeds, end) =>
                {
                    await using var surroundings = CommonOptions.Surroundings(parsed, identity, caFile, timeout);
                    var who = parsed.GetRequiredValue(user);
                    var checkup = new Checkup(surroundings, surroundings.Vault(parsed.GetRequiredValue(vault)));
                    var findings = await ShowAsync(terminal, who, checkup.OfAsync(who, parsed.GetValue(allowMismatch), !parsed.GetValue(noRecord), deeds, end), end);
                    if (parsed.GetValue(json)) FindingsJson.Write(Console.OpenStandardOutput(), who, findings);
                    return findings.All(finding => finding.Verdict != Verdict.Bad) ? 0 : ExitCodes.Failed;
                },
                cancellationToken);
        });
        return command;
    }

    private static async Task<List<Finding>> ShowAsync(Terminal terminal, UserName user, IAsyncEnumerable<Finding> coming, CancellationToken cancellationToken)
    {
        List<Finding> findings = [];
        await using var next = coming.GetAsyncEnumerator(cancellationToken);
        while (await terminal.WaitAsync($"Looking at {user}", () => next.MoveNextAsync().AsTask()))
        {
            var finding = next.Current;
            findings.Add(finding);
            Action<string> show = finding.Verdict switch { Verdict.Good => terminal.Good, Verdict.Note => terminal.Warn, _ => terminal.Bad };
            show(finding.Text);
            if (finding.Remedy is { } remedy) terminal.Say($"     {remedy}");
        }

        var bad = findings.Count(finding => finding.Verdict == Verdict.Bad);
        terminal.Say();
        terminal.Say(bad switch { 0 => $"{user} is well: a broker with this credential can work.", 1 => "One thing is wrong.", _ => $"{bad} things are wrong." });
        return findings;
    }
}

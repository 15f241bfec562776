using System.CommandLine;
using Sidecar.Broker.Onboarding.Terminals;

namespace Sidecar.Broker.Onboarding;

/// <summary><c>broker offboard</c>.</summary>
internal static class OffboardCommand
{
    private const string Description = """
        Takes a user out: revokes the grant at Zoho, switches the secret off and deletes it, and removes k8s/users/SLUG.

        It needs nothing of the user and works when they have left. A running broker stops serving with its next call, or when it next reads the secret. What remains to be removed in Azure is printed. Run it again at any time: it goes on where it was.
        Exit code 0: nothing that could act for the user is left in Zoho or the vault. 1: something may be; it says what, and what to do next.
        """;

    public static Command Create()
    {
        var (user, vault, overlays) = (CommonOptions.User(), CommonOptions.Vault(), CommonOptions.Overlays());
        var (identity, caFile, timeout) = (CommonOptions.Identity(), CommonOptions.CaFile(), CommonOptions.Timeout());
        var (yes, dryRun) = (CommonOptions.Yes(), CommonOptions.DryRun());
        var purge = new Option<bool>("--purge") { Description = "Remove the deleted secret for good, where the vault permits it." };
        var command = new Command("offboard", Description) { user, vault, overlays, purge, identity, caFile, timeout, yes, dryRun };
        command.SetAction((parsed, cancellationToken) =>
        {
            var terminal = Terminal.Create();
            return CommandHost.RunAsync(
                terminal,
                async (deeds, end) =>
                {
                    await using var surroundings = CommonOptions.Surroundings(parsed, identity, caFile, timeout);
                    var wish = new OffboardWish(
                        parsed.GetRequiredValue(user), parsed.GetRequiredValue(vault), parsed.GetRequiredValue(overlays), parsed.GetValue(purge), parsed.GetValue(yes), parsed.GetValue(dryRun));
                    return await new OffboardFlow(wish, surroundings, terminal, deeds).RunAsync(end);
                },
                cancellationToken);
        });
        return command;
    }
}

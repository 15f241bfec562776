using System.CommandLine;
using Sidecar.Broker.Onboarding.Terminals;

namespace Sidecar.Broker.Onboarding;

/// <summary><c>broker offboard</c>.</summary>
internal static class OffboardCommand
{
    private const string Summary = "Takes a user out: ends the grant at Zoho, the secret in the vault, and the pod's overlay.";

    private const string Guide = """
        How it goes:
          Revokes the grant at Zoho, switches the secret off and deletes it, and removes k8s/users/SLUG. It
          needs nothing of the user and works when they have left. A running broker stops serving with its
          next call, or when it next reads the secret. The commands that remove pod, identity and role are
          printed. Run it again at any time: it goes on where it was.

        Examples:
          What would be done, and then doing it:
            broker offboard ada@example.com --vault https://my-vault.vault.azure.net --dry-run
            broker offboard ada@example.com --vault https://my-vault.vault.azure.net

          Asking nothing, and leaving nothing to recover:
            broker offboard ada@example.com --vault https://my-vault.vault.azure.net --yes --purge

        Exit code 0: no grant or secret is left that could act for the user. 1: one may be; it says which,
        and what to do next.
        """;

    public static Command Create()
    {
        var (user, vault, overlays) = (CommonOptions.User(), CommonOptions.Vault(), CommonOptions.Overlays());
        var (identity, caFile, timeout) = (CommonOptions.Identity(), CommonOptions.CaFile(), CommonOptions.Timeout());
        var (yes, dryRun) = (CommonOptions.Yes(), CommonOptions.DryRun());
        var purge = new Option<bool>("--purge") { Description = "Remove the deleted secret for good, where the vault permits it." };
        var command = new GuidedCommand("offboard", Summary, Guide) { user, vault, overlays, purge, identity, caFile, timeout, yes, dryRun };
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

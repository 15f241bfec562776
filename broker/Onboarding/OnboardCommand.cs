using System.CommandLine;
using Sidecar.Broker.Onboarding.Bulk;
using Sidecar.Broker.Onboarding.Terminals;

namespace Sidecar.Broker.Onboarding;

/// <summary><c>broker onboard</c>.</summary>
internal static class OnboardCommand
{
    public static Command Create()
    {
        var user = CommonOptions.User();
        var (vault, identity, caFile, timeout) = (CommonOptions.Vault(), CommonOptions.Identity(), CommonOptions.CaFile(), CommonOptions.Timeout());
        var command = new Command("onboard", "Gives a technician a pod: gets a grant, checks it, and puts it into Key Vault.") { user, vault, identity, caFile, timeout };
        var (overlays, toolsets, readOnly, dryRun) = (CommonOptions.Overlays(), CommonOptions.Toolsets(), CommonOptions.ReadOnly(), CommonOptions.DryRun());
        var allowMismatch = new Option<bool>("--allow-mismatch") { Description = "Accept a credential that is another person's than USER." };
        foreach (var option in new Option[] { overlays, toolsets, readOnly, dryRun, allowMismatch }) command.Add(option);
        BulkOptions.AddTo(command, user);
        command.SetAction((parsed, cancellationToken) => CommandHost.RunAsync(
            Terminal.Create(),
            async (deeds, end) =>
            {
                await using var surroundings = CommonOptions.Surroundings(parsed, identity, caFile, timeout);
                var terminal = Terminal.Create();
                var access = new AccessWish(parsed.GetRequiredValue(toolsets), parsed.GetValue(readOnly));
                if (BulkOptions.TryGet(parsed, parsed.GetRequiredValue(overlays), access, parsed.GetValue(allowMismatch), parsed.GetValue(dryRun)) is { } bulk)
                    return await BulkOnboarding.RunAsync(terminal, surroundings, parsed.GetRequiredValue(vault), bulk, end);
                var there = await terminal.StepAsync(
                    "Looking into the vault", () => surroundings.Vault(parsed.GetRequiredValue(vault)).FindAsync(parsed.GetRequiredValue(user).SecretName, end), found => $"{found}");
                return there.State == Vault.StoredState.Live ? 0 : 1;
            },
            cancellationToken));
        return command;
    }
}

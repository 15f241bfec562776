using System.CommandLine;
using Sidecar.Broker.Onboarding.Terminals;
using Sidecar.Broker.Onboarding.Vault;

namespace Sidecar.Broker.Onboarding;

/// <summary><c>broker list</c>: the users of a vault, by their tags.</summary>
internal static class ListCommand
{
    private const string Summary = "Lists the users of a vault: where they are, what they may do, and when that was last verified.";

    private const string Guide = """
        How it goes:
          No secret is read: all of it comes from the names, dates and tags that broker onboard gave the
          secrets. Whether a credential works is found out by: broker verify USER.

        Examples:
          For a person, and for a program, here the users never verified:
            broker list --vault https://my-vault.vault.azure.net
            broker list --vault https://my-vault.vault.azure.net --json |
              jq -r '.[] | select(.verified == null) | .user'

        Exit code 0: the list is whole, if empty. 1: the vault did not give it.
        """;

    public static Command Create()
    {
        var (vault, identity, caFile, timeout, json) = (CommonOptions.Vault(), CommonOptions.Identity(), CommonOptions.CaFile(), CommonOptions.Timeout(), CommonOptions.Json());
        var command = new GuidedCommand("list", Summary, Guide) { vault, json, identity, caFile, timeout };
        command.SetAction((parsed, cancellationToken) =>
        {
            var terminal = Terminal.Create(parsed.GetValue(json));
            return CommandHost.RunAsync(
                terminal,
                async (_, end) =>
                {
                    await using var surroundings = CommonOptions.Surroundings(parsed, identity, caFile, timeout);
                    var users = surroundings.Vault(parsed.GetRequiredValue(vault));
                    var listed = await terminal.WaitAsync($"Listing {users.Uri.Host}", () => ListedUser.AllAsync(users, end));
                    if (listed.Count == 0) terminal.Say($"Key Vault {users.Uri.Host} holds no user. One is added by: broker onboard USER");
                    if (parsed.GetValue(json)) UserTable.WriteJson(Console.OpenStandardOutput(), listed);
                    else if (listed.Count > 0) UserTable.Show(terminal, listed);
                    return 0;
                },
                cancellationToken);
        });
        return command;
    }
}

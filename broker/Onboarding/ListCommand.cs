using System.CommandLine;
using Sidecar.Broker.Onboarding.Terminals;
using Sidecar.Broker.Onboarding.Vault;

namespace Sidecar.Broker.Onboarding;

/// <summary><c>broker list</c>: the users of a vault, by their tags.</summary>
internal static class ListCommand
{
    private const string About = """
        Lists the users of a vault: data centre, portal, what they may do, version and age of the credential, when it was last verified.

        No secret is read: all of it comes from the names, dates and tags that broker onboard gave the secrets. Whether a credential works
        is found out by: broker verify USER.

        Exit code 0: the list is whole, if empty. 1: the vault did not give it.
        """;

    public static Command Create()
    {
        var (vault, identity, caFile, timeout, json) = (CommonOptions.Vault(), CommonOptions.Identity(), CommonOptions.CaFile(), CommonOptions.Timeout(), CommonOptions.Json());
        var command = new Command("list", About) { vault, json, identity, caFile, timeout };
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

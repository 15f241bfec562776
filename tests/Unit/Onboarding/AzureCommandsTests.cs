using CsCheck;
using Shouldly;
using Sidecar.Broker.Onboarding;
using Sidecar.Broker.Onboarding.Azure;
using Xunit;
using static Sidecar.Tests.Unit.Onboarding.Overlays;

namespace Sidecar.Tests.Unit.Onboarding;

/// <summary>The text is compared, and bash runs it with an <c>az</c> and a <c>broker</c> that write down what they are given.</summary>
public sealed class AzureCommandsTests : IDisposable
{
    private static readonly UserName Ada = User("ada@example.com");
    private static readonly Uri Vault = new("https://my-vault.vault.azure.net");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sidecar-azure-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void The_commands_for_one_user_are_these() => AzureCommands.Grant(Ada, Vault, ["onboard", "ada@example.com", "--vault", "https://my-vault.vault.azure.net"]).ShouldBe(
        """
        # Once in a shell. The resource group of the users' identities; the subscription is the one that az account show names.
        RESOURCE_GROUP=YOUR-GROUP
        # Who signs the tokens of the cluster's service accounts, and the namespace that k8s/base names.
        AKS_OIDC_ISSUER="$(az aks show --resource-group YOUR-CLUSTERS-GROUP --name YOUR-CLUSTER --query oidcIssuerProfile.issuerUrl --output tsv)"
        NAMESPACE=sidecar

        (
        set -eu
        az identity create --resource-group "$RESOURCE_GROUP" --name sdp-ada-SLUG --output none
        CLIENT_ID="$(az identity show --resource-group "$RESOURCE_GROUP" --name sdp-ada-SLUG --query clientId --output tsv)"
        PRINCIPAL_ID="$(az identity show --resource-group "$RESOURCE_GROUP" --name sdp-ada-SLUG --query principalId --output tsv)"
        VAULT_ID="$(az keyvault show --name my-vault --query id --output tsv)"
        az identity federated-credential create --resource-group "$RESOURCE_GROUP" --identity-name sdp-ada-SLUG --name sdp-ada-SLUG \
          --issuer "$AKS_OIDC_ISSUER" --subject "system:serviceaccount:$NAMESPACE:"sdp-ada-SLUG-sidecar \
          --audiences api://AzureADTokenExchange --output none
        # Key Vault Secrets User, on this one secret.
        az role assignment create --assignee-object-id "$PRINCIPAL_ID" --assignee-principal-type ServicePrincipal \
          --role 4633458b-17de-408a-b874-0445c86b69e6 --scope "$VAULT_ID"/secrets/sdp-ada-SLUG --output none
        broker onboard ada@example.com --vault https://my-vault.vault.azure.net --azure-client-id "$CLIENT_ID"
        )

        """.Replace("ada-SLUG", Ada.Slug, StringComparison.Ordinal));

    [Fact]
    public async Task Bash_makes_of_them_one_identity_for_one_service_account_and_one_secret()
    {
        var calls = await RunAsync(AzureCommands.Grant(Ada, Vault, ["onboard", "ada@example.com"]));
        calls.Count.ShouldBe(8);
        Option(calls[5], "--subject").ShouldBe($"system:serviceaccount:sidecar:{Ada.SecretName}-sidecar");
        Option(calls[5], "--issuer").ShouldBe("<oidcIssuerProfile.issuerUrl>");
        Option(calls[6], "--scope").ShouldBe($"<id>/secrets/{Ada.SecretName}");
        Option(calls[6], "--assignee-object-id").ShouldBe("<principalId>");
        calls[7].ShouldBe(["broker", "onboard", "ada@example.com", "--azure-client-id", "<clientId>"]);
    }

    [Fact]
    public async Task What_was_given_is_taken_away_again()
    {
        var calls = await RunAsync(AzureCommands.Remove(Ada, Vault));
        calls.Count.ShouldBe(4);
        calls[2][..4].ShouldBe(["az", "role", "assignment", "delete"]);
        (Option(calls[2], "--assignee"), Option(calls[2], "--role"), Option(calls[2], "--scope")).ShouldBe(("<principalId>", AzureCommands.ReaderRole, $"<id>/secrets/{Ada.SecretName}"));
        calls[3].ShouldBe(["az", "identity", "delete", "--resource-group", "YOUR-GROUP", "--name", Ada.SecretName]);
        AzureCommands.RemovePod(Ada).ShouldBe($"kubectl --namespace sidecar delete deployment,service,serviceaccount,configmap,networkpolicy --selector sidecar/user={Ada.Slug}\n");
    }

    [Theory]
    [InlineData("az identity create", 2)]
    [InlineData("az identity show", 3)]
    [InlineData("az keyvault show", 5)]
    [InlineData("az role assignment", 7)]
    public async Task Nothing_is_done_after_a_command_that_failed(string failing, int calls) =>
        (await RunAsync(AzureCommands.Grant(Ada, Vault, ["onboard", "ada@example.com"]), failing)).Count.ShouldBe(calls);

    [Theory]
    [InlineData("o'neil$(touch${IFS}hit)@example.com")]
    [InlineData("`touch${IFS}hit`@example.com")]
    [InlineData("';touch${IFS}hit;'@example.com")]
    [InlineData("\"$(>hit)\"@example.com")]
    [InlineData("a&&>hit@example.com")]
    [InlineData("#\\'>hit@example.com")]
    public async Task No_address_is_more_than_a_word_to_bash(string email)
    {
        var calls = await RunAsync(AzureCommands.Grant(User(email), Vault, ["onboard", email, "--vault", "https://v/$(>hit)"]));
        calls[^1].ShouldBe(["broker", "onboard", email, "--vault", "https://v/$(>hit)", "--azure-client-id", "<clientId>"]);
        (await RunAsync(AzureCommands.Remove(User(email), Vault))).Count.ShouldBe(4);
        _folder.EnumerateFiles("*hit*").ShouldBeEmpty();
    }

    [Fact]
    public async Task Bash_reads_every_word_as_it_was()
    {
        var words = new List<string>();
        Gen.OneOf(Gen.String, Gen.String[Gen.Char["'\"\\$`!~*?[]{}()<>|&;#=%\n\t \rax-"], 0, 12]).List[300]
            .Sample(list => words.AddRange(list.Select(word => new string([.. word.Where(c => c != '\0' && !char.IsSurrogate(c))]))), iter: 1, threads: 1);
        words.Add("");
        var script = _folder.FullName + "/words.sh";
        await File.WriteAllTextAsync(script, $"printf '%s\\0' {string.Join(' ', words.Select(ShellWord.Of))}", TestContext.Current.CancellationToken);
        var (exitCode, output, error) = await Shell.RunAsync("bash", [script]);
        exitCode.ShouldBe(0, error);
        output.Split('\0')[..^1].ShouldBe(words);
    }

    private static string Option(string[] call, string name) => call[Array.IndexOf(call, name) + 1];

    // Every call with its words. What is asked for with --query is answered with its name.
    private async Task<List<string[]>> RunAsync(string commands, string failing = "nothing")
    {
        var log = Path.Combine(_folder.FullName, "calls");
        File.Delete(log);
        var recorder = $$"""
            #!/bin/bash
            { printf '%s\0' "${0##*/}" "$@"; printf '\1'; } >> '{{log}}'
            [[ "${0##*/} $*" == '{{failing}}'* ]] && exit 1
            while [ $# -gt 0 ]; do [ "$1" = --query ] && echo "<$2>"; shift; done
            exit 0
            """;
        foreach (var program in new[] { "az", "broker" })
        {
            await File.WriteAllTextAsync(Path.Combine(_folder.FullName, program), recorder);
            File.SetUnixFileMode(Path.Combine(_folder.FullName, program), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var (exitCode, _, error) = await Shell.RunAsync("bash", ["-c", commands], _folder.FullName);
        (exitCode == 0).ShouldBe(failing == "nothing", error);
        return [.. (await File.ReadAllTextAsync(log)).Split('\x1')[..^1].Select(call => call.Split('\0')[..^1])];
    }
}

using System.Text.Json;
using Sidecar.Sandbox;
using Sidecar.Simulator;
using Sidecar.Tests.Containers.Harness;
using Sidecar.Tests.Harness;

namespace Sidecar.Tests.Containers;

/// <summary>
/// The pair on a person's Azure sign-in, as README.md prints it. Azure's command line cannot be pulled here, so the base is a shell
/// and an <c>az</c> that gives out a token of the simulator's; the vault is the simulator's.
/// </summary>
public sealed class AzureSignInTests
{
    private static readonly ReadmeSection Printed = new("### A pair on your Azure sign-in"), Pair = new("### A pair in containers");

    [Fact]
    public async Task A_broker_on_Azures_command_line_reads_the_vault_as_its_user()
    {
        await using var stage = await ContainerStage.SetAsync();
        var user = stage.Simulator.AddUser(new UserWish { Secret = "sdp-ada-b5fc85e557" });
        await using var person = new Person(stage);
        await using var commandLine = await FakeAzureCli.MakeAsync();
        person.Set("DOCKER_AZ_BASE", commandLine.Image);
        var azure = Directory.CreateDirectory(Path.Combine(person.Home, ".azure")).FullName;
        await File.WriteAllTextAsync(Path.Combine(azure, "token.json"), await TokenAsync(stage, user), TestContext.Current.CancellationToken);
        await person.OwnHomeAsync();

        await person.TypeAsync(new ReadmeSection("## Containers").Commands[0]);
        await person.TypeAsync(Printed.Commands[0]);
        await person.TypeAsync(Printed.Commands[1].Replace("https://my-vault.vault.azure.net", stage.Simulator.VaultUrl.OriginalString));
        var key = ApiKey.Create();
        await person.TypeAsync(Pair.Commands[1][Pair.Commands[1].IndexOf("docker run -d --name sidecar-shim", StringComparison.Ordinal)..].Replace("DIGEST", key.Sha256));

        var broker = person.Container("sidecar-broker");
        var address = await Person.ShimAsync(broker);
        await Ready.WaitAsync(address, broker.LogsAsync);
        await using var client = ToolClient.WithKey(new Uri(address, "/mcp"), key.Value);
        (await client.DoAsync("whoami")).Text("technician_email").ShouldBe(user.TechnicianEmail);
        (await File.ReadAllTextAsync(Path.Combine(azure, "calls"), TestContext.Current.CancellationToken))
            .ShouldStartWith($"account get-access-token --output json --resource {stage.Simulator.Vault.Resource} --tenant {user.Identity.TenantId}\n");
    }

    private static async Task<string> TokenAsync(ContainerStage stage, SimulatedUser user)
    {
        using var http = new HttpClient(stage.Simulator.CreateHandler());
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = user.Identity.ClientId,
            ["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            ["client_assertion"] = user.Identity.FederatedToken,
            ["scope"] = $"{stage.Simulator.Vault.Resource}/.default",
        });
        using var reply = await http.PostAsync(
            new Uri(stage.Simulator.EntraUrl, $"/{user.Identity.TenantId}/oauth2/v2.0/token"), form, TestContext.Current.CancellationToken);
        var token = JsonDocument.Parse(await reply.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement.Text("access_token");
        var expires = TimeProvider.System.GetUtcNow().AddMinutes(50);
        // One line: the fake reads no more.
        return JsonSerializer.Serialize(new Dictionary<string, object?>
        {
            ["accessToken"] = token,
            ["expiresOn"] = expires.ToString("yyyy-MM-dd HH:mm:ss.ffffff", System.Globalization.CultureInfo.InvariantCulture),
            ["expires_on"] = expires.ToUnixTimeSeconds(),
            ["tenant"] = user.Identity.TenantId,
            ["tokenType"] = "Bearer",
        }) + "\n";
    }
}

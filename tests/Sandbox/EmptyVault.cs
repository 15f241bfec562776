using System.Text.Json.Nodes;
using Sidecar.Sandbox.Processes;

namespace Sidecar.Sandbox;

/// <summary>
/// A simulated company before its first user: a vault with nothing in it, an operator who may write there, an OAuth client,
/// and an identity for the pod to come. It says what to type.
/// </summary>
internal sealed class EmptyVault : IAsyncDisposable
{
    private const int ReturnPort = 7420;

    private readonly WorkFolder _folder = new();
    private SimulatorProcess _simulator = null!;

    public ChildProcess Process => _simulator.Process;

    /// <summary>What a person is told to type.</summary>
    public string Instructions { get; private set; } = "";

    public static async Task<EmptyVault> StartAsync(SandboxOptions options, CancellationToken cancellationToken)
    {
        var empty = new EmptyVault();
        try
        {
            empty._simulator = await SimulatorProcess.StartAsync(empty._folder, options.Seed, cancellationToken);
            await empty.SetAsync(Programs.Locate(options.Binaries), cancellationToken);
            return empty;
        }
        catch
        {
            await empty.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_simulator is not null) await _simulator.DisposeAsync();
        _folder.Dispose();
    }

    private async Task SetAsync(Programs programs, CancellationToken cancellationToken)
    {
        var (operatorToken, operatorId, tenant) = await IdentityAsync("operator", "officer", cancellationToken);
        var (podToken, podId, _) = await IdentityAsync("pod", "user", cancellationToken);
        var client = await _simulator.PostAsync(
            "/_sim/clients", new JsonObject { ["kind"] = "server", ["name"] = "Sidecar", ["redirect_uris"] = new JsonArray($"http://localhost:{ReturnPort}/callback") }, cancellationToken);
        var clientFile = _folder.Write("client.json", new JsonObject { ["client_id"] = client["client_id"]!.DeepClone(), ["client_secret"] = client["client_secret"]!.DeepClone() }.ToJsonString());
        var (technician, users) = ((string)client["technician_email"]!, _folder.File("users"));
        Instructions = $"""

            A company with an empty vault, and its first user to onboard: {technician}
              simulator   {_simulator.ControlUrl}  (what was received, switches, faults)

            In another terminal, as the operator:

            export AZURE_AUTHORITY_HOST={_simulator.EntraUrl.OriginalString} AZURE_TENANT_ID={tenant}
            export Credential__VaultUri={_simulator.VaultUrl.OriginalString} Tls__CaFile={_simulator.CaFile}
            AZURE_CLIENT_ID={operatorId} AZURE_FEDERATED_TOKEN_FILE={operatorToken} \
              {programs.Broker} onboard {technician} --identity WorkloadIdentity --client-file {clientFile} --users {users} \
              --accounts-url {_simulator.AccountsUrl.OriginalString} --base-url {_simulator.SdpUrl.OriginalString} --portal itdesk --grant Browser

            The page it shows has a certificate that your browser does not know: that is the simulator's. Then the user's pod,
            which may read and not write, and see whom it acts for:

            AZURE_CLIENT_ID={podId} AZURE_FEDERATED_TOKEN_FILE={podToken} Credential__SecretName=sdp-$(ls {users}) {programs.Broker} serve &
            {programs.Broker} health

            Ctrl-C here ends it, and all of it is gone.
            """;
    }

    private async Task<(string TokenFile, string ClientId, string TenantId)> IdentityAsync(string name, string role, CancellationToken cancellationToken)
    {
        var identity = await _simulator.PostAsync("/_sim/identities", [], cancellationToken);
        var clientId = (string)identity["client_id"]!;
        await _simulator.PutAsync("/_sim/vault/roles", new JsonObject { ["client_id"] = clientId, ["roles"] = new JsonArray(new JsonObject { ["role"] = role }) }, cancellationToken);
        return (_folder.Write($"{name}-token", (string)identity["federated_token"]!), clientId, (string)identity["tenant_id"]!);
    }
}

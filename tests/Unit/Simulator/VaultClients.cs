using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Azure.Security.KeyVault.Secrets;
using Sidecar.Simulator;

namespace Sidecar.Tests.Unit.Simulator;

/// <summary>Microsoft's own client, with nothing changed but where it goes and whom it trusts; it never tries twice.</summary>
internal static class VaultClients
{
    public static SecretClient VaultClient(this SimulatorFixture sim, SimulatedIdentity identity, string? assertion = null) =>
        sim.VaultClient(new ClientAssertionCredential(
            identity.TenantId,
            identity.ClientId,
            _ => Task.FromResult(assertion ?? identity.FederatedToken),
            sim.ToEntra<ClientAssertionCredentialOptions>()));

    public static SecretClient VaultClient(this SimulatorFixture sim, TokenCredential credential) => new(
        sim.Host.VaultUrl, credential, new SecretClientOptions { Transport = new HttpClientTransport(sim.Http), Retry = { MaxRetries = 0 } });

    public static T ToEntra<T>(this SimulatorFixture sim)
        where T : TokenCredentialOptions, new()
    {
        var options = new T { AuthorityHost = sim.Host.EntraUrl, Transport = new HttpClientTransport(sim.Http), Retry = { MaxRetries = 0 } };
        switch (options)
        {
            case ClientAssertionCredentialOptions assertion:
                assertion.DisableInstanceDiscovery = true;
                break;
            case ClientSecretCredentialOptions secret:
                secret.DisableInstanceDiscovery = true;
                break;
        }

        return options;
    }
}

using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;

namespace Sidecar.Broker.Credentials;

/// <summary>Makes the one named Azure credential that the settings ask for; never a chain that tries what it finds.</summary>
internal static class AzureIdentity
{
    private static readonly Uri[] KnownClouds =
        [AzureAuthorityHosts.AzurePublicCloud, AzureAuthorityHosts.AzureChina, AzureAuthorityHosts.AzureGovernment];

    public static TokenCredential Create(CredentialOptions options, HttpPipelineTransport transport) => options.Identity switch
    {
        AzureIdentityKind.WorkloadIdentity => new WorkloadIdentityCredential(Configure(new WorkloadIdentityCredentialOptions(), transport)),
        AzureIdentityKind.ManagedIdentity => new ManagedIdentityCredential(new ManagedIdentityCredentialOptions(
            options.ManagedIdentityClientId is { } clientId ? ManagedIdentityId.FromUserAssignedClientId(clientId) : ManagedIdentityId.SystemAssigned)),
        AzureIdentityKind.AzureCli => new AzureCliCredential(),
        AzureIdentityKind.AzurePowerShell => new AzurePowerShellCredential(),
        AzureIdentityKind.Environment => new EnvironmentCredential(new EnvironmentCredentialOptions { Transport = transport }),
        _ => throw new ArgumentOutOfRangeException(nameof(options), options.Identity, "not an identity"),
    };

    private static WorkloadIdentityCredentialOptions Configure(WorkloadIdentityCredentialOptions options, HttpPipelineTransport transport)
    {
        options.Transport = transport;
        // Instance discovery asks the public cloud about the authority; a private cloud is not known there.
        options.DisableInstanceDiscovery = !KnownClouds.Contains(options.AuthorityHost);
        return options;
    }
}

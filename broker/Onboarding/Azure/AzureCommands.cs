using Sidecar.Broker.Onboarding.Overlays;

namespace Sidecar.Broker.Onboarding.Azure;

/// <summary>
/// Command lines that let one user's pod, and no other, read that user's secret: to be pasted into bash by whoever may do
/// that in Azure. Each block stops at the first line that fails, and may be run again.
/// </summary>
internal static class AzureCommands
{
    /// <summary>Key Vault Secrets User: reads secrets, and can neither list nor write them.</summary>
    public const string ReaderRole = "4633458b-17de-408a-b874-0445c86b69e6";

    /// <summary>Namespace of the manifests in <c>k8s/base</c>.</summary>
    public const string Namespace = "sidecar";

    private const string Group =
        """
        # Once in a shell. The resource group of the users' identities; the subscription is the one that az account show names.
        RESOURCE_GROUP=YOUR-GROUP
        """;

    /// <summary>Makes the managed identity, federates it with the user's service account, and lets it read the one secret.</summary>
    /// <param name="user">Whose pod it is.</param>
    /// <param name="vault">The vault that holds the secret.</param>
    /// <param name="rerun">Words after <c>broker</c> of the command that puts the client id into the overlay; the option is added.</param>
    public static string Grant(UserName user, Uri vault, IEnumerable<string> rerun)
    {
        var name = ShellWord.Of(user.SecretName);
        return $"""
            {Group}
            # Who signs the tokens of the cluster's service accounts, and the namespace that k8s/base names.
            AKS_OIDC_ISSUER="$(az aks show --resource-group YOUR-CLUSTERS-GROUP --name YOUR-CLUSTER --query oidcIssuerProfile.issuerUrl --output tsv)"
            NAMESPACE={Namespace}

            (
            set -eu
            az identity create --resource-group "$RESOURCE_GROUP" --name {name} --output none
            CLIENT_ID="$(az identity show --resource-group "$RESOURCE_GROUP" --name {name} --query clientId --output tsv)"
            PRINCIPAL_ID="$(az identity show --resource-group "$RESOURCE_GROUP" --name {name} --query principalId --output tsv)"
            VAULT_ID="$(az keyvault show --name {VaultName(vault)} --query id --output tsv)"
            az identity federated-credential create --resource-group "$RESOURCE_GROUP" --identity-name {name} --name {name} \
              --issuer "$AKS_OIDC_ISSUER" --subject "system:serviceaccount:$NAMESPACE:"{ShellWord.Of(OverlayText.ServiceAccount(user))} \
              --audiences api://AzureADTokenExchange --output none
            # Key Vault Secrets User, on this one secret.
            az role assignment create --assignee-object-id "$PRINCIPAL_ID" --assignee-principal-type ServicePrincipal \
              --role {ReaderRole} --scope "$VAULT_ID"/secrets/{name} --output none
            broker {string.Join(' ', rerun.Select(ShellWord.Of))} --azure-client-id "$CLIENT_ID"
            )

            """;
    }

    /// <summary>Takes away what <see cref="Grant"/> gave: the role first, for an assignment outlives its identity.</summary>
    public static string Remove(UserName user, Uri vault)
    {
        var name = ShellWord.Of(user.SecretName);
        return $"""
            {Group}

            (
            set -eu
            PRINCIPAL_ID="$(az identity show --resource-group "$RESOURCE_GROUP" --name {name} --query principalId --output tsv)"
            VAULT_ID="$(az keyvault show --name {VaultName(vault)} --query id --output tsv)"
            az role assignment delete --assignee "$PRINCIPAL_ID" --role {ReaderRole} --scope "$VAULT_ID"/secrets/{name}
            # Its federated credential goes with it.
            az identity delete --resource-group "$RESOURCE_GROUP" --name {name}
            )

            """;
    }

    /// <summary>Ends the user's pod and removes all of it from the cluster, whether or not the overlay is still there.</summary>
    public static string RemovePod(UserName user) =>
        $"kubectl --namespace {Namespace} delete deployment,service,serviceaccount,configmap,networkpolicy --selector {ShellWord.Of($"sidecar/user={user.Slug}")}\n";

    // In every cloud of Azure the host begins with the vault's name.
    private static string VaultName(Uri vault) => ShellWord.Of(vault.Host.Split('.')[0]);
}

namespace Sidecar.Sandbox.Processes;

/// <summary>The settings a broker needs for one user of the simulator.</summary>
public static class BrokerSettings
{
    /// <summary>Credential in Key Vault, read with a workload identity: as in a pod.</summary>
    /// <param name="vaultUrl">The vault.</param>
    /// <param name="entraUrl">The authority.</param>
    /// <param name="secretName">The user's secret.</param>
    /// <param name="tenantId">Tenant of the identity.</param>
    /// <param name="clientId">The identity.</param>
    /// <param name="federatedTokenFile">Its service account token.</param>
    /// <param name="caFile">Authority of all the simulator's certificates.</param>
    public static Dictionary<string, string> KeyVault(
        Uri vaultUrl, Uri entraUrl, string secretName, string tenantId, string clientId, string federatedTokenFile, string caFile) => new()
    {
        ["Credential__Source"] = "KeyVault",
        ["Credential__VaultUri"] = vaultUrl.OriginalString,
        ["Credential__SecretName"] = secretName,
        ["AZURE_AUTHORITY_HOST"] = entraUrl.OriginalString,
        ["AZURE_TENANT_ID"] = tenantId,
        ["AZURE_CLIENT_ID"] = clientId,
        ["AZURE_FEDERATED_TOKEN_FILE"] = federatedTokenFile,
        ["Tls__CaFile"] = caFile,
    };

    /// <summary>Credential in a file: as in a local docker pair.</summary>
    public static Dictionary<string, string> File(string path, string caFile) => new()
    {
        ["Credential__Source"] = "File",
        ["Credential__Path"] = path,
        ["Tls__CaFile"] = caFile,
    };
}

using Microsoft.Extensions.Options;

namespace Sidecar.Broker.Credentials;

/// <summary>Where the credential comes from: settings <c>Credential__…</c>.</summary>
internal sealed class CredentialOptions
{
    /// <summary>Key Vault, or a file with the same JSON. Default: Key Vault.</summary>
    public CredentialSourceKind Source { get; set; } = CredentialSourceKind.KeyVault;

    /// <summary>The vault, such as <c>https://my-vault.vault.azure.net</c>.</summary>
    public Uri? VaultUri { get; set; }

    /// <summary>Name of the secret, by convention <c>sdp-&lt;slug&gt;</c>.</summary>
    public string? SecretName { get; set; }

    /// <summary>How the broker proves itself to Azure. Default: workload identity.</summary>
    public AzureIdentityKind Identity { get; set; } = AzureIdentityKind.WorkloadIdentity;

    /// <summary>Client id of a user-assigned managed identity; absent: the system-assigned one.</summary>
    public string? ManagedIdentityClientId { get; set; }

    /// <summary>The file, for the file source.</summary>
    public string? Path { get; set; }

    /// <summary>How often the source is read again. Default: 5 minutes for a vault, 1 second for a file.</summary>
    public TimeSpan? RefreshInterval { get; set; }

    // A file of a kilobyte is read whole each time: that costs less than to understand every way of replacing one, and what
    // notices changes of files does not notice those of all volumes.
    internal TimeSpan Interval => RefreshInterval ?? (Source == CredentialSourceKind.File ? TimeSpan.FromSeconds(1) : TimeSpan.FromMinutes(5));
}

internal enum CredentialSourceKind
{
    KeyVault,
    File,
}

internal enum AzureIdentityKind
{
    WorkloadIdentity,
    ManagedIdentity,
    AzureCli,
    AzurePowerShell,
    Environment,
}

internal sealed class CredentialOptionsValidator : IValidateOptions<CredentialOptions>
{
    public ValidateOptionsResult Validate(string? name, CredentialOptions options)
    {
        var problems = new List<string>();
        if (options.Source == CredentialSourceKind.KeyVault)
        {
            if (options.VaultUri is null) problems.Add("Credential__VaultUri is missing: set it to the vault's https URL.");
            else if (!options.VaultUri.IsAbsoluteUri || options.VaultUri.Scheme != Uri.UriSchemeHttps)
                problems.Add("Credential__VaultUri is not an https URL.");
            if (string.IsNullOrWhiteSpace(options.SecretName)) problems.Add("Credential__SecretName is missing: set it to the name of the user's secret.");
            else if (options.SecretName.Length > 127 || !options.SecretName.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
                problems.Add("Credential__SecretName is not a secret's name: 1 to 127 letters, digits and dashes.");
        }
        else if (string.IsNullOrWhiteSpace(options.Path))
        {
            problems.Add("Credential__Path is missing: set it to the file that holds the credential.");
        }

        // A number is taken for an enum's value, whatever it is.
        if (!Enum.IsDefined(options.Source)) problems.Add("Credential__Source is neither KeyVault nor File.");
        if (!Enum.IsDefined(options.Identity)) problems.Add($"Credential__Identity is none of {string.Join(", ", Enum.GetNames<AzureIdentityKind>())}.");
        if (options.RefreshInterval < TimeSpan.FromSeconds(1)) problems.Add("Credential__RefreshInterval is shorter than one second.");
        return problems.Count > 0 ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
    }
}

using Sidecar.Broker.Credentials;

namespace Sidecar.Broker.Onboarding;

/// <summary>Where the credential comes from.</summary>
internal enum GrantWay
{
    /// <summary>Consent in a browser on this machine.</summary>
    Browser,

    /// <summary>A code that the person makes in Zoho's API console.</summary>
    SelfClient,
}

/// <summary>What <c>broker onboard</c> was asked for; checked as a whole.</summary>
internal sealed record OnboardWish
{
    public required UserName User { get; init; }
    public required Uri Vault { get; init; }
    public required AccessWish Access { get; init; }
    public required DirectoryInfo Overlays { get; init; }

    /// <summary>Kind that a given credential has to be of, as credentials spell it; null: any.</summary>
    public string? Kind { get; init; }

    /// <summary>True for an instance on premises, which takes a technician key.</summary>
    public bool OnPrem { get; init; }

    /// <summary>File with a credential, or <c>-</c> for standard input; null: a new grant is made, or a key asked for.</summary>
    public string? CredentialFile { get; init; }

    /// <summary>Accounts server; null on premises and with a credential at hand.</summary>
    public Uri? AccountsUrl { get; init; }

    /// <summary>The instance; null with a credential at hand.</summary>
    public Uri? BaseUrl { get; init; }

    /// <summary>Data centre by name; null where the accounts server is none of Zoho's own.</summary>
    public DataCentre? DataCentre { get; init; }

    public string? Portal { get; init; }
    public GrantWay? Way { get; init; }
    public string? ClientId { get; init; }
    public FileInfo? ClientFile { get; init; }
    public int Port { get; init; }
    public bool OpenBrowser { get; init; }
    public string? AzureClientId { get; init; }
    public string? EntraOwner { get; init; }
    public required Uri ClientUrl { get; init; }
    public bool NewKey { get; init; }
    public AzureIdentityKind Identity { get; init; }
    public bool AllowMismatch { get; init; }

    /// <summary>True: a credential that works gets a successor too.</summary>
    public bool Renew { get; init; }

    /// <summary>How long running brokers have before the credential before ends.</summary>
    public TimeSpan Grace { get; init; }

    public bool Yes { get; init; }
    public bool DryRun { get; init; }
}

using System.CommandLine;
using Sidecar.Broker.Credentials;
using Sidecar.Broker.Onboarding.Bulk;
using Sidecar.Broker.Onboarding.Clients;
using Sidecar.Broker.Onboarding.Grants;

namespace Sidecar.Broker.Onboarding;

/// <summary>The options of <c>broker onboard</c>, and what they mean together.</summary>
internal sealed class OnboardOptions
{
    public Argument<UserName> User { get; } = CommonOptions.User();
    public Option<Uri> Vault { get; } = CommonOptions.Vault();
    public Option<AzureIdentityKind> Identity { get; } = CommonOptions.Identity();
    public Option<string?> CaFile { get; } = CommonOptions.CaFile();
    public Option<int> Timeout { get; } = CommonOptions.Timeout();
    public Option<DirectoryInfo> Overlays { get; } = CommonOptions.Overlays();
    public Option<string[]> Toolsets { get; } = CommonOptions.Toolsets();
    public Option<bool> ReadOnly { get; } = CommonOptions.ReadOnly();
    public Option<bool> Yes { get; } = CommonOptions.Yes();
    public Option<bool> DryRun { get; } = CommonOptions.DryRun();

    public Option<bool> AllowMismatch { get; } = new("--allow-mismatch") { Description = "Take a credential that is another person's than USER's." };

    private readonly Option<string?> _dataCentre = new("--dc") { Description = $"Zoho data centre the person signs in at: {string.Join(", ", DataCentre.All.Select(centre => centre.Name))}.", HelpName = "DC" };
    private readonly Option<Uri?> _baseUrl = Https("--base-url", "The instance, where it has a domain of its own, and on premises. Default: the data centre's.");
    private readonly Option<Uri?> _accountsUrl = Https("--accounts-url", "The accounts server, where it is none of the known ones. Default: the data centre's.");
    private readonly Option<string?> _portal = new("--portal") { Description = "Portal: the segment after /app/ in the browser's address; on premises its id. Default: the instance's default portal.", HelpName = "PORTAL" };
    private readonly Option<string?> _kind = new("--kind") { Description = "cloud or on-prem. Default: cloud, or what the credential says.", HelpName = "KIND" };
    private readonly Option<string?> _credential = new("--credential") { Description = "File with an existing credential as JSON; - for standard input. Without, a new grant is made.", HelpName = "FILE" };
    private readonly Option<GrantWay?> _way = new("--grant") { Description = "Browser: consent on this machine. SelfClient: a code from Zoho's API console. Default: Browser where one can be opened.", HelpName = "WAY" };
    private readonly Option<string?> _clientId = new("--client-id") { Description = "Client id of your OAuth client at Zoho. Its secret is asked for.", HelpName = "ID" };
    private readonly Option<FileInfo?> _clientFile = new("--client-file") { Description = "JSON file {\"client_id\", \"client_secret\"} in place of --client-id and the question.", HelpName = "FILE" };
    private readonly Option<int> _port = new("--port") { Description = "Port of this machine that the browser returns to: register http://localhost:PORT/callback with the client.", HelpName = "PORT", DefaultValueFactory = _ => BrowserReturn.DefaultPort };
    private readonly Option<bool> _noBrowser = new("--no-browser") { Description = "Show the address of the page of consent, and open no browser." };
    private readonly Option<string?> _azureClientId = new("--azure-client-id") { Description = "Client id of the user's managed identity, for the overlay. The commands for Azure that are printed give it.", HelpName = "ID" };
    private readonly Option<Uri> _clientUrl = new("--url") { Description = "Address that the user's AI client will call.", HelpName = "URL", DefaultValueFactory = _ => new Uri(ClientConfiguration.DefaultUrl) };
    private readonly Option<bool> _newKey = new("--new-key") { Description = "Make a new key for the user's AI client; the one before ends." };

    /// <summary>Declares them; a rotation keeps where the user is and what they may do.</summary>
    public void AddTo(Command command, bool forRotation = false)
    {
        command.Add(User);
        Option[] place = [_dataCentre, _baseUrl, _portal, _accountsUrl, _kind, Toolsets, ReadOnly, _azureClientId, _clientUrl, _newKey, Overlays];
        Option[] grant = [_way, _clientId, _clientFile, _credential, _port, _noBrowser, AllowMismatch];
        foreach (var option in (Option[])[Vault, .. forRotation ? [] : place, .. grant, Identity, CaFile, Timeout, Yes, DryRun]) command.Add(option);
    }

    /// <summary>What is asked for; every problem of it is told at once.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="present">What the user has, for a rotation; else null.</param>
    /// <exception cref="CommandFailure">The options do not fit together.</exception>
    public OnboardWish Read(ParseResult parsed, Present? present = null)
    {
        var problems = present is null ? Problems(parsed) : [];
        if (parsed.GetValue(_clientFile) is { Exists: false } missing) problems.Add($"There is no file {missing.FullName}.");
        if (parsed.GetValue(_port) is < 1 or > 65535) problems.Add("--port is not between 1 and 65535.");
        if (problems.Count > 0) throw new CommandFailure(string.Join(' ', problems), "Correct the command line; --help lists all options.");

        var centre = present?.DataCentre ?? Centre(parsed);
        return new OnboardWish
        {
            User = parsed.GetValue(User)!,
            Vault = parsed.GetRequiredValue(Vault),
            Access = present?.Tags.Wish ?? new AccessWish(parsed.GetValue(Toolsets) ?? [], parsed.GetValue(ReadOnly)),
            Overlays = parsed.GetValue(Overlays) ?? CommonOptions.DefaultOverlays,
            OnPrem = present is { Credential: OnPremCredential } || parsed.GetValue(_kind) == "on-prem",
            CredentialFile = parsed.GetValue(_credential),
            AccountsUrl = (present?.Credential as CloudCredential)?.AccountsUrl ?? parsed.GetValue(_accountsUrl) ?? centre?.AccountsUrl,
            BaseUrl = present?.Credential.BaseUrl ?? parsed.GetValue(_baseUrl) ?? centre?.BaseUrl,
            DataCentre = parsed.GetValue(_accountsUrl) is null ? centre : null,
            Portal = present is null ? parsed.GetValue(_portal) : present.Credential.Portal,
            Way = parsed.GetValue(_way),
            ClientId = parsed.GetValue(_clientId) ?? (present?.Credential as CloudCredential)?.ClientId,
            ClientFile = parsed.GetValue(_clientFile),
            Port = parsed.GetValue(_port),
            OpenBrowser = !parsed.GetValue(_noBrowser),
            AzureClientId = parsed.GetValue(_azureClientId),
            ClientUrl = parsed.GetValue(_clientUrl) ?? new Uri(ClientConfiguration.DefaultUrl),
            Identity = parsed.GetValue(Identity),
            NewKey = parsed.GetValue(_newKey),
            AllowMismatch = parsed.GetValue(AllowMismatch),
            Yes = parsed.GetValue(Yes),
            DryRun = parsed.GetValue(DryRun),
        };
    }

    /// <summary>What is asked for of a list of users; null if it is about one.</summary>
    public BulkWish? Bulk(ParseResult parsed) => BulkOptions.TryGet(
        parsed, parsed.GetValue(Overlays) ?? CommonOptions.DefaultOverlays, new AccessWish(parsed.GetValue(Toolsets) ?? [], parsed.GetValue(ReadOnly)), parsed.GetValue(AllowMismatch), parsed.GetValue(DryRun));

    private DataCentre? Centre(ParseResult parsed) =>
        DataCentre.All.FirstOrDefault(centre => centre.Name.Equals(parsed.GetValue(_dataCentre), StringComparison.OrdinalIgnoreCase));

    private List<string> Problems(ParseResult parsed)
    {
        List<string> problems = [];
        var (kind, name) = (parsed.GetValue(_kind), parsed.GetValue(_dataCentre));
        if (kind is not (null or "cloud" or "on-prem")) problems.Add($"--kind is neither cloud nor on-prem.");
        var centre = Centre(parsed);
        if (name is not null && centre is null) problems.Add($"--dc is none of {string.Join(", ", DataCentre.All.Select(known => known.Name))}.");
        var (onPrem, file) = (kind == "on-prem", parsed.GetValue(_credential));
        var (accounts, instance) = (parsed.GetValue(_accountsUrl) ?? centre?.AccountsUrl, parsed.GetValue(_baseUrl) ?? centre?.BaseUrl);
        if (onPrem && name is not null) problems.Add("An instance on premises has no data centre: leave --dc out.");
        if (onPrem && file is null && instance is null) problems.Add("Which instance? Give --base-url https://HOST:PORT.");
        if (!onPrem && file is null && name is null && (accounts is null || instance is null))
            problems.Add("Which data centre? Give --dc, or both --accounts-url and --base-url.");
        if (file is not null)
        {
            foreach (var option in new Option[] { _dataCentre, _baseUrl, _accountsUrl, _portal, _way, _clientId, _clientFile })
                if (parsed.GetResult(option) is { Implicit: false }) problems.Add($"{option.Name} and --credential: the credential says it already.");
        }

        if (onPrem && (parsed.GetValue(_way) is not null || parsed.GetValue(_clientId) is not null || parsed.GetValue(_clientFile) is not null))
            problems.Add("An instance on premises takes a technician key: leave --grant, --client-id and --client-file out.");
        if (parsed.GetValue(_portal) is { } portal && !CredentialJson.IsPortal(portal)) problems.Add("--portal is not a segment of a URL, such as itdesk, nor an id.");
        if (parsed.GetValue(_azureClientId) is { } azure && !Guid.TryParse(azure, out _)) problems.Add("--azure-client-id is not a GUID.");
        return problems;
    }

    private static Option<Uri?> Https(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "URL",
        CustomParser = result => CommonOptions.Parsed(result, CommonOptions.Https(result.Tokens[0].Value), "is not the https URL of a server"),
    };
}

using System.CommandLine;
using System.CommandLine.Parsing;
using Sidecar.Broker.Credentials;
using Sidecar.Broker.Onboarding.Bulk;
using Sidecar.Broker.Onboarding.Clients;
using Sidecar.Broker.Onboarding.Grants;
using Sidecar.Broker.Onboarding.Overlays;

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
    private readonly Option<string?> _entraOwner = new("--entra-owner") { Description = "The user at Entra ID, for pods that take its tokens: object id or user principal name. Default: USER.", HelpName = "NAME" };
    private readonly Option<Uri> _clientUrl = new("--url") { Description = "Address that the user's AI client will call.", HelpName = "URL", DefaultValueFactory = _ => new Uri(ClientConfiguration.DefaultUrl), CustomParser = ClientUrl };
    private readonly Option<bool> _newKey = new("--new-key") { Description = "Make a new key for the user's AI client; the one before ends." };

    /// <summary>Declares them; a rotation keeps where the user is and what they may do.</summary>
    public void AddTo(Command command, bool forRotation = false)
    {
        command.Add(User);
        Option[] place = [_dataCentre, _baseUrl, _portal, _accountsUrl, _kind, Toolsets, ReadOnly, _azureClientId, _entraOwner, _clientUrl, _newKey, Overlays];
        Option[] grant = [_way, _clientId, _clientFile, _credential, _port, _noBrowser, AllowMismatch];
        foreach (var option in (Option[])[Vault, .. forRotation ? [] : place, .. grant, Identity, CaFile, Timeout, Yes, DryRun]) command.Add(option);
    }

    /// <summary>Tells every problem of the command line that can be seen without the vault.</summary>
    /// <exception cref="CommandFailure">There are some.</exception>
    public void Check(ParseResult parsed) => Refuse(Problems(parsed));

    /// <summary>What is asked for. What is left out is as the user has it, or else as the data centre has it.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="present">What the user has; null: nothing.</param>
    /// <exception cref="CommandFailure">The options do not say where the user is.</exception>
    public OnboardWish Read(ParseResult parsed, Present? present)
    {
        Refuse([.. GrantProblems(parsed), .. present is null ? PlaceProblems(parsed) : []]);
        var given = Centre(parsed);
        var cloud = present?.Credential as CloudCredential;
        var centre = given ?? (parsed.GetValue(_accountsUrl) is null ? present?.DataCentre : null);
        return new OnboardWish
        {
            User = parsed.GetValue(User)!,
            Vault = parsed.GetRequiredValue(Vault),
            Access = AccessOf(parsed, present),
            Overlays = parsed.GetValue(Overlays) ?? CommonOptions.DefaultOverlays,
            OnPrem = parsed.GetValue(_kind) is { } kind ? kind == "on-prem" : present is { Credential: OnPremCredential },
            Kind = parsed.GetValue(_kind) switch { null => null, "cloud" => CloudCredential.KindName, _ => OnPremCredential.KindName },
            CredentialFile = parsed.GetValue(_credential),
            AccountsUrl = parsed.GetValue(_accountsUrl) ?? given?.AccountsUrl ?? cloud?.AccountsUrl,
            BaseUrl = parsed.GetValue(_baseUrl) ?? given?.BaseUrl ?? present?.Credential.BaseUrl,
            DataCentre = centre,
            Portal = parsed.GetValue(_portal) ?? present?.Credential.Portal,
            Way = parsed.GetValue(_way),
            ClientId = parsed.GetValue(_clientId) ?? cloud?.ClientId,
            ClientFile = parsed.GetValue(_clientFile),
            Port = parsed.GetValue(_port),
            OpenBrowser = !parsed.GetValue(_noBrowser),
            AzureClientId = parsed.GetValue(_azureClientId),
            EntraOwner = parsed.GetValue(_entraOwner),
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

    // What is left out of one that is there stays: nobody's rights grow because an option was forgotten.
    private AccessWish AccessOf(ParseResult parsed, Present? present)
    {
        var (toolsets, readOnly) = (parsed.GetValue(Toolsets) ?? [], parsed.GetValue(ReadOnly));
        if (present is null || present.Tags.Access.Length == 0) return new AccessWish(toolsets, readOnly);
        return new AccessWish(IsGiven(parsed, Toolsets) ? toolsets : present.Tags.Wish.Toolsets, IsGiven(parsed, ReadOnly) ? readOnly : present.Tags.Wish.ReadOnly);
    }

    private static bool IsGiven(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

    private static void Refuse(List<string> problems)
    {
        if (problems.Count > 0) throw new CommandFailure(string.Join(' ', problems), "Correct the command line; --help lists all options.");
    }

    private List<string> Problems(ParseResult parsed)
    {
        List<string> problems = [.. GrantProblems(parsed)];
        var (kind, name) = (parsed.GetValue(_kind), parsed.GetValue(_dataCentre));
        if (kind is not (null or "cloud" or "on-prem")) problems.Add("--kind is neither cloud nor on-prem.");
        if (name is not null && Centre(parsed) is null) problems.Add($"--dc is none of {string.Join(", ", DataCentre.All.Select(known => known.Name))}.");
        var onPrem = kind == "on-prem";
        if (onPrem && name is not null) problems.Add("An instance on premises has no data centre: leave --dc out.");
        if (parsed.GetValue(_credential) is not null)
        {
            foreach (var option in new Option[] { _dataCentre, _baseUrl, _accountsUrl, _portal, _way, _clientId, _clientFile })
                if (IsGiven(parsed, option)) problems.Add($"{option.Name} and --credential: the credential says it already.");
        }

        if (onPrem && (IsGiven(parsed, _way) || IsGiven(parsed, _clientId) || IsGiven(parsed, _clientFile)))
            problems.Add("An instance on premises takes a technician key: leave --grant, --client-id and --client-file out.");
        if (parsed.GetValue(_portal) is { } portal && !CredentialJson.IsPortal(portal)) problems.Add("--portal is not a segment of a URL, such as itdesk, nor an id.");
        if (parsed.GetValue(_azureClientId) is { } azure && !Guid.TryParse(azure, out _)) problems.Add("--azure-client-id is not a GUID.");
        if (parsed.GetValue(_entraOwner) is { } owner && !OverlayText.IsOwner(owner)) problems.Add("--entra-owner is neither an object id nor a user principal name.");
        return problems;
    }

    private IEnumerable<string> GrantProblems(ParseResult parsed)
    {
        if (parsed.GetValue(_credential) is "") yield return "--credential is empty: give a file, or - for standard input.";
        if (parsed.GetValue(_clientFile) is { Exists: false } missing) yield return $"There is no file {missing.FullName}.";
        if (parsed.GetValue(_port) is < 1 or > 65535) yield return "--port is not between 1 and 65535.";
    }

    // For who is not there yet.
    private IEnumerable<string> PlaceProblems(ParseResult parsed)
    {
        if (parsed.GetValue(_credential) is not null) yield break;
        var (accounts, instance) = (parsed.GetValue(_accountsUrl), parsed.GetValue(_baseUrl));
        if (parsed.GetValue(_kind) == "on-prem")
        {
            if (instance is null) yield return "Which instance? Give --base-url https://HOST:PORT.";
        }
        else if (parsed.GetValue(_dataCentre) is null && (accounts is null || instance is null))
        {
            yield return "Which data centre? Give --dc, or both --accounts-url and --base-url.";
        }
    }

    private static Uri ClientUrl(ArgumentResult result) => CommonOptions.Parsed(
        result, Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? url : null, "is not an http or https URL");

    private static Option<Uri?> Https(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "URL",
        CustomParser = result => CommonOptions.Parsed(result, CommonOptions.Https(result.Tokens[0].Value), "is not the https URL of a server"),
    };
}

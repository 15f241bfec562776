using Sidecar.Simulator.Hosting;
using Sidecar.Simulator.Sdp.Seeding;

namespace Sidecar.Simulator;

internal sealed record Urls(Uri Accounts, Uri Sdp, Uri Vault, Uri Entra);

/// <summary>All state. <see cref="Reset"/> makes it new; the objects handed out stay the same.</summary>
internal sealed class World
{
    private readonly SimulatorOptions _options;

    public World(SimulatorOptions options)
    {
        _options = options;
        Clock = new SimulatorClock(options.Time);
        Accounts = new ZohoAccounts(this);
        Entra = new EntraTenant(this);
        Vault = new KeyVault(this);
        Instances = new Dictionary<string, Instance>(StringComparer.OrdinalIgnoreCase)
        {
            ["itdesk"] = new("itdesk", Clock, Gate),
            ["hr"] = new("hr", Clock, Gate),
            [OnPremPortal] = new(OnPremPortal, Clock, Gate),
        };
        Reset();
    }

    public const string DefaultPortal = "itdesk";
    public const string OnPremPortal = "premises";

    public Lock Gate { get; } = new();
    public SimulatorClock Clock { get; }
    public RequestJournal Journal { get; } = new();
    public FaultList Faults { get; } = new();
    public ZohoAccounts Accounts { get; }
    public EntraTenant Entra { get; }
    public KeyVault Vault { get; }
    public Dictionary<string, Instance> Instances { get; }
    public Urls? Urls { get; set; }

    public void Reset()
    {
        lock (Gate)
        {
            Faults.Clear();
            Journal.Clear();
            Accounts.Reset();
            Entra.Reset();
            Vault.Reset();
            foreach (var instance in Instances.Values)
                instance.Reset();
            Seed.ItDesk(Instances["itdesk"], _options.Seed);
            Seed.Hr(Instances["hr"], _options.Seed + 1);
            Seed.Premises(Instances[OnPremPortal], _options.Seed + 2);
        }
    }

    public SimulatedUser AddUser(UserWish wish)
    {
        lock (Gate)
        {
            var (instance, email) = Find(wish.Portal, wish.Email);
            if (instance.Switches.Edition == Edition.OnPrem)
                throw new ArgumentException($"'{instance.Name}' is on premises: its users have technician keys.", nameof(wish));
            var client = Accounts.AddClient(ClientKind.Self, instance.Name, email);
            var grant = Accounts.AddGrant(client, email, wish.Scopes ?? Scopes.All);
            var identity = Entra.AddIdentity(wish.ClientId);
            var user = new SimulatedUser
            {
                TechnicianEmail = email,
                Credential = new SimulatedCredential
                {
                    ClientId = client.Id,
                    ClientSecret = client.Secret,
                    RefreshToken = grant.RefreshToken!,
                    AccountsUrl = Urls!.Accounts.OriginalString,
                    BaseUrl = Urls.Sdp.OriginalString,
                    Portal = instance.Name,
                    TechnicianEmail = email,
                },
                GrantCode = Accounts.AddCode(client, email, wish.Scopes ?? Scopes.All),
                Identity = identity,
            };
            if (wish.Secret is not null)
                Vault.SetSecret(wish.Secret, user.Credential.ToJson(), SimulatedCredential.ContentType, readers: [identity.ClientId]);
            return user;
        }
    }

    public IReadOnlyList<SimulatedUser> AddUsers(BulkWish wish)
    {
        lock (Gate)
        {
            if (wish.Count is < 1 or > 10_000)
                throw new ArgumentException("Between 1 and 10,000 users can be added at once.", nameof(wish));
            var instance = Find(wish.Portal, null).Instance;
            if (instance.Switches.Edition == Edition.OnPrem)
                throw new ArgumentException($"'{instance.Name}' is on premises: its users are added one by one.", nameof(wish));
            var emails = instance.TechnicianEmails.Take(wish.Count).ToList();
            while (emails.Count < wish.Count)
                emails.Add(People.AddTechnician(instance));
            return [.. emails.Select(email => AddUser(new UserWish { Email = email, Portal = instance.Name, Scopes = wish.Scopes }))];
        }
    }

    public SimulatedOnPremUser AddOnPremUser(UserWish wish)
    {
        lock (Gate)
        {
            var (instance, email) = Find(wish.Portal ?? OnPremPortal, wish.Email);
            if (instance.Switches.Edition != Edition.OnPrem)
                throw new ArgumentException($"'{instance.Name}' is not on premises.", nameof(wish));
            var identity = Entra.AddIdentity(wish.ClientId);
            var user = new SimulatedOnPremUser
            {
                TechnicianEmail = email,
                Credential = new SimulatedOnPremCredential
                {
                    BaseUrl = new UriBuilder(Urls!.Sdp) { Host = instance.Host }.Uri.GetLeftPart(UriPartial.Authority),
                    Portal = Instance.PortalId,
                    TechnicianKey = instance.Keys.Generate(email),
                    TechnicianEmail = email,
                },
                Identity = identity,
            };
            if (wish.Secret is not null)
                Vault.SetSecret(wish.Secret, user.Credential.ToJson(), SimulatedCredential.ContentType, readers: [identity.ClientId]);
            return user;
        }
    }

    public SimulatedIdentity AddIdentity()
    {
        lock (Gate)
            return Entra.AddIdentity(clientSecret: Fakes.ClientSecret());
    }

    public SimulatedClient AddClient(ClientWish wish)
    {
        lock (Gate)
        {
            var (instance, email) = Find(wish.Portal, wish.Email);
            if (instance.Switches.Edition == Edition.OnPrem)
                throw new ArgumentException($"'{instance.Name}' is on premises: Zoho knows nothing of it.", nameof(wish));
            if (wish.Kind == ClientKind.Server != wish.RedirectUris is { Count: > 0 })
                throw new ArgumentException("A server-based client has redirect URIs, a self client has none.", nameof(wish));
            if (wish.RedirectUris?.FirstOrDefault(uri => !Uri.TryCreate(uri, UriKind.Absolute, out _)) is { } odd)
                throw new ArgumentException($"'{odd}' is no absolute URI.", nameof(wish));
            var client = Accounts.AddClient(wish.Kind, instance.Name, email, wish.Name, wish.RedirectUris);
            return new SimulatedClient
            {
                ClientId = client.Id,
                ClientSecret = client.Secret,
                Kind = client.Kind,
                Name = client.Name,
                RedirectUris = client.RedirectUris,
                Portal = client.Portal,
                TechnicianEmail = client.Email,
            };
        }
    }

    public string AddCode(string clientId, CodeWish wish)
    {
        lock (Gate)
        {
            if (Accounts.Client(clientId) is not { Kind: ClientKind.Self } client)
                throw new ArgumentException("There is no such self client.", nameof(clientId));
            if (wish.Scopes.Count == 0 || wish.Scopes.Any(scope => !Scopes.IsKnown(scope)))
                throw new ArgumentException("The scopes do not exist.", nameof(wish));
            if (wish.Minutes is < 3 or > 10)
                throw new ArgumentException("A code is good for 3 to 10 minutes.", nameof(wish));
            var email = Find(client.Portal, wish.Email ?? client.Email).Email;
            return Accounts.MayMakeCode(client)
                ? Accounts.AddCode(client, email, wish.Scopes, wish.Minutes ?? 10)
                : throw new InvalidOperationException("access_denied");
        }
    }

    private (Instance Instance, string Email) Find(string? portal, string? email)
    {
        portal ??= DefaultPortal;
        if (!Instances.TryGetValue(portal, out var instance))
            throw new ArgumentException($"There is no portal '{portal}'.", nameof(portal));
        email ??= instance.TechnicianEmails[0];
        return instance.HasTechnician(email)
            ? (instance, email)
            : throw new ArgumentException(
                $"'{email}' is no technician of '{portal}'; some are: {string.Join(", ", instance.TechnicianEmails.Take(20))}.", nameof(email));
    }
}

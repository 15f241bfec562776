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
        };
        Reset();
    }

    public const string DefaultPortal = "itdesk";

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
        }
    }

    public SimulatedUser AddUser(UserWish wish)
    {
        lock (Gate)
        {
            var portal = wish.Portal ?? DefaultPortal;
            if (!Instances.TryGetValue(portal, out var instance))
                throw new ArgumentException($"There is no portal '{portal}'.", nameof(wish));
            var email = wish.Email ?? instance.TechnicianEmails[0];
            if (!instance.TechnicianEmails.Contains(email, StringComparer.OrdinalIgnoreCase))
                throw new ArgumentException(
                    $"'{email}' is no technician of '{portal}'; these are: {string.Join(", ", instance.TechnicianEmails)}.", nameof(wish));

            var client = Accounts.AddClient();
            var grant = Accounts.AddGrant(client, portal, email, wish.Scopes ?? Scopes.All);
            var identity = Entra.AddIdentity(wish.ClientId);
            var user = new SimulatedUser
            {
                TechnicianEmail = email,
                Credential = new SimulatedCredential
                {
                    ClientId = client.Id,
                    ClientSecret = client.Secret,
                    RefreshToken = grant.RefreshToken,
                    AccountsUrl = Urls!.Accounts.OriginalString,
                    BaseUrl = Urls.Sdp.OriginalString,
                    Portal = portal,
                    TechnicianEmail = email,
                },
                GrantCode = Accounts.AddCode(client, portal, email, wish.Scopes ?? Scopes.All),
                Identity = identity,
            };
            if (wish.Secret is not null)
                Vault.SetSecret(wish.Secret, user.Credential.ToJson(), SimulatedCredential.ContentType, readers: [identity.ClientId]);
            return user;
        }
    }
}

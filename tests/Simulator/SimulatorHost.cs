using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Sidecar.Simulator.Hosting;

namespace Sidecar.Simulator;

/// <summary>Zoho accounts, ServiceDesk Plus Cloud, Key Vault and Entra on this machine, with a control API beside them.</summary>
public sealed class SimulatorHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Certificates _certificates;
    private readonly World _world;
    private readonly IPAddress _address;

    private SimulatorHost(WebApplication app, Certificates certificates, World world, Listeners listeners, SimulatorOptions options)
    {
        _app = app;
        _certificates = certificates;
        _world = world;
        ControlUrl = listeners.Url(Service.Control, "127.0.0.1");
        AccountsUrl = listeners.Url(Service.Accounts, options.Domain);
        SdpUrl = listeners.Url(Service.Sdp, options.Domain);
        VaultUrl = listeners.Url(Service.Vault, options.VaultHost ?? $"sandbox.vault.{options.Domain}");
        EntraUrl = listeners.Url(Service.Entra, options.Domain);
        _address = Listeners.AddressOf(options.Host);
        world.Urls = new Urls(AccountsUrl, SdpUrl, VaultUrl, EntraUrl);
    }

    /// <summary>The control API.</summary>
    public Uri ControlUrl { get; }

    /// <summary>Zoho accounts.</summary>
    public Uri AccountsUrl { get; }

    /// <summary>ServiceDesk Plus Cloud.</summary>
    public Uri SdpUrl { get; }

    /// <summary>Key Vault; its name is below vault.localhost (or the domain's vault) because the Azure client compares it with the challenge.</summary>
    public Uri VaultUrl { get; }

    /// <summary>Entra ID: the authority host.</summary>
    public Uri EntraUrl { get; }

    /// <summary>Every name that an address of a service or a credential has: what a client elsewhere needs entries in its hosts file for.</summary>
    public IReadOnlyList<string> HostNames =>
    [
        .. new[] { AccountsUrl.Host, SdpUrl.Host, VaultUrl.Host, EntraUrl.Host }.Concat(Instances.Values.Select(instance => instance.Host)).Distinct(),
    ];

    /// <summary>The certificate to trust, in PEM.</summary>
    public string CaPem => _certificates.AuthorityPem;

    /// <summary>The time that all services see.</summary>
    public SimulatorClock Clock => _world.Clock;

    /// <summary>Every request so far.</summary>
    public RequestJournal Journal => _world.Journal;

    /// <summary>Misbehaviours waiting for their request.</summary>
    public FaultList Faults => _world.Faults;

    /// <summary>Zoho's clients, tokens and limits.</summary>
    public ZohoAccounts Accounts => _world.Accounts;

    /// <summary>The portals, by name.</summary>
    public IReadOnlyDictionary<string, Instance> Instances => _world.Instances;

    /// <summary>The secrets.</summary>
    public KeyVault Vault => _world.Vault;

    /// <summary>The workload identities.</summary>
    public EntraTenant Entra => _world.Entra;

    /// <summary>Gives a seeded technician credentials that work.</summary>
    /// <exception cref="ArgumentException">There is no such portal or technician.</exception>
    public SimulatedUser AddUser(UserWish? wish = null) => _world.AddUser(wish ?? new UserWish());

    /// <summary>Gives a seeded technician of the instance on premises a new key; an older one of theirs ends.</summary>
    /// <exception cref="ArgumentException">There is no such instance or technician, or it is not on premises.</exception>
    public SimulatedOnPremUser AddOnPremUser(UserWish? wish = null) => _world.AddOnPremUser(wish ?? new UserWish());

    /// <summary>Gives many technicians credentials that work, one each; the portal gets as many technicians.</summary>
    /// <exception cref="ArgumentException">There is no such portal, it is on premises, or the count is not 1 to 10,000.</exception>
    public IReadOnlyList<SimulatedUser> AddUsers(BulkWish wish) => _world.AddUsers(wish);

    /// <summary>An identity of the tenant without any user, for an operator: with a federated token and a client secret.</summary>
    public SimulatedIdentity AddIdentity() => _world.AddIdentity();

    /// <summary>Registers a client, as a person does in Zoho's API console.</summary>
    /// <exception cref="ArgumentException">There is no such portal or technician, or the redirect URIs do not fit the kind.</exception>
    public SimulatedClient AddClient(ClientWish wish) => _world.AddClient(wish);

    /// <summary>A one-time code of a self client, as the API console's "Generate Code" gives.</summary>
    /// <exception cref="ArgumentException">There is no such client, technician or scope, or the minutes are not 3 to 10.</exception>
    /// <exception cref="InvalidOperationException">access_denied: the client had too many codes lately.</exception>
    public string AddCode(string clientId, CodeWish wish) => _world.AddCode(clientId, wish);

    /// <summary>Makes all state anew: users, tokens, secrets, faults and switches are gone. The clock goes on.</summary>
    public void Reset() => _world.Reset();

    /// <summary>A handler that trusts this simulator alone and finds its names, which not every resolver does.</summary>
    public SocketsHttpHandler CreateHandler() => new()
    {
        AllowAutoRedirect = false,
        ConnectCallback = async (context, cancel) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(_address.Equals(IPAddress.Any) ? IPAddress.Loopback : _address, context.DnsEndPoint.Port, cancel);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
        SslOptions =
        {
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                CustomTrustStore = { X509Certificate2.CreateFromPem(CaPem) },
            },
        },
    };

    /// <summary>Starts all services; they answer when the task ends.</summary>
    public static async Task<SimulatorHost> StartAsync(SimulatorOptions options, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var certificates = new Certificates(TimeProvider.System.GetUtcNow(), options.Domain);
        var world = new World(options);
        var listeners = new Listeners(options, certificates, world.Faults);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "simulator" });
        builder.Configuration.Sources.Clear();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(listeners.Configure);
        var app = builder.Build();
        app.Run(new Front(world).HandleAsync);
        await app.StartAsync(cancel);
        var host = new SimulatorHost(app, certificates, world, listeners, options);
        if (options.CaFile is not null)
            await File.WriteAllTextAsync(options.CaFile, host.CaPem, cancel);
        return host;
    }

    /// <summary>Writes the addresses to a file that is either absent or complete.</summary>
    public async Task WriteReadyFileAsync(string path, string? caFile, CancellationToken cancel = default)
    {
        var ready = JsonSerializer.Serialize(
            new Dictionary<string, string?>
            {
                ["control_url"] = ControlUrl.OriginalString,
                ["accounts_url"] = AccountsUrl.OriginalString,
                ["sdp_url"] = SdpUrl.OriginalString,
                ["vault_url"] = VaultUrl.OriginalString,
                ["entra_url"] = EntraUrl.OriginalString,
                ["ca_file"] = caFile is null ? null : Path.GetFullPath(caFile),
            },
            Wire.Control);
        var draft = path + ".tmp";
        await File.WriteAllTextAsync(draft, ready, cancel);
        File.Move(draft, path, overwrite: true);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using (var hurry = new CancellationTokenSource(TimeSpan.FromSeconds(2)))
            await _app.StopAsync(hurry.Token);
        await _app.DisposeAsync();
        _certificates.Dispose();
    }
}

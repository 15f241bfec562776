using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Security.KeyVault.Secrets;
using Microsoft.Extensions.Logging.Abstractions;
using Sidecar.Broker.Credentials;
using Sidecar.Broker.Onboarding.Grants;
using Sidecar.Broker.Onboarding.Vault;
using Sidecar.Broker.Sdp;
using Sidecar.Broker.Tls;
using Sidecar.Broker.Tokens;

namespace Sidecar.Broker.Onboarding;

/// <summary>The ways out of this machine that the commands share: the vault as the operator may use it, Zoho, and instances.</summary>
/// <param name="identity">How the operator proves who they are to Azure.</param>
/// <param name="caFile">PEM file of authorities trusted beside the system's; null: those alone.</param>
/// <param name="timeout">Longest wait for one answer.</param>
internal sealed class Surroundings(AzureIdentityKind identity, string? caFile, TimeSpan timeout) : IAsyncDisposable
{
    // A page of secrets' names is the longest answer.
    private const long MostVaultBytes = 4 * 1024 * 1024;

    private readonly ServiceProvider _services = Outbound(caFile).BuildServiceProvider();

    public TimeSpan Timeout { get; } = timeout;

    /// <summary>The vault, called as the operator.</summary>
    /// <param name="uri">The vault.</param>
    /// <param name="pace">Sees every call on the wire before it is made; null: nobody holds them back.</param>
    public UserVault Vault(Uri uri, HttpPipelinePolicy? pace = null)
    {
        var transport = new HttpClientTransport(new BoundedReplies(_services.GetRequiredService<OutboundHandlers>().Create(), MostVaultBytes));
        var options = new SecretClientOptions { Transport = transport, Retry = { MaxRetries = 0, NetworkTimeout = Timeout } };
        if (pace is not null) options.AddPolicy(pace, HttpPipelinePosition.PerRetry);
        return new UserVault(new SecretClient(uri, AzureIdentity.Create(new CredentialOptions { Identity = identity }, transport), options), TimeProvider.System);
    }

    /// <summary>Zoho's grants.</summary>
    public ZohoGrants Grants() => new(new HttpClient(_services.GetRequiredService<OutboundHandlers>().Create()) { Timeout = Timeout });

    /// <summary>What a broker with that credential would use, without the broker: tokens and calls, under the same limits.</summary>
    public Connection Connect(Credential credential)
    {
        var services = Outbound(caFile);
        services.AddSingleton<ICredentialSource>(new FixedSource(credential)).AddSingleton<CredentialStore>().AddTokens().AddSdp();
        services.Configure<SdpOptions>(sdp => (sdp.ReadTimeout, sdp.WriteTimeout) = (Timeout, Timeout));
        return new Connection(services.BuildServiceProvider());
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private static IServiceCollection Outbound(string? caFile) => new ServiceCollection()
        .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection([new("Tls:CaFile", caFile)]).Build())
        .AddSingleton(TimeProvider.System)
        .AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance)
        .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
        .AddOutboundTls();

    private sealed class FixedSource(Credential credential) : ICredentialSource
    {
        public Task<Credential> ReadAsync(CancellationToken cancellationToken) => Task.FromResult(credential);
    }
}

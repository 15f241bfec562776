using System.Net;
using System.Net.NetworkInformation;
using Azure.Core.Pipeline;
using Azure.Identity;
using Azure.Security.KeyVault.Secrets;
using Shouldly;
using Sidecar.Simulator;
using Xunit;

namespace Sidecar.Tests.Unit.Simulator;

/// <summary>The simulator for clients that are not on this machine's loopback, as a container is not.</summary>
public sealed class DomainTests
{
    private static readonly SimulatorOptions Elsewhere = new() { Host = "0.0.0.0", Domain = "sim.example.test" };

    [Fact]
    public async Task Under_another_domain_every_service_answers_Microsofts_client_and_ours_by_its_name_and_certificate()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var simulator = await SimulatorHost.StartAsync(Elsewhere, cancel);
        using var http = new HttpClient(simulator.CreateHandler());
        var user = simulator.AddUser(new UserWish { Secret = "sdp-test" });

        var credential = new ClientAssertionCredential(user.Identity.TenantId, user.Identity.ClientId, _ => Task.FromResult(user.Identity.FederatedToken),
            new ClientAssertionCredentialOptions { AuthorityHost = simulator.EntraUrl, DisableInstanceDiscovery = true, Transport = new HttpClientTransport(http) });
        var vault = new SecretClient(simulator.VaultUrl, credential, new SecretClientOptions { Transport = new HttpClientTransport(http) });
        (await vault.GetSecretAsync("sdp-test", cancellationToken: cancel)).Value.Value.ShouldBe(user.Credential.ToJson());

        foreach (var url in new[] { user.Credential.AccountsUrl, user.Credential.BaseUrl, simulator.AddOnPremUser().Credential.BaseUrl })
            using (var reply = await http.GetAsync(new Uri(url), cancel))
                ((int)reply.StatusCode).ShouldBeInRange(200, 499);
    }

    [Fact]
    public async Task The_names_for_a_hosts_file_are_all_that_addresses_and_credentials_use()
    {
        await using var simulator = await SimulatorHost.StartAsync(Elsewhere, TestContext.Current.CancellationToken);
        var user = simulator.AddUser();
        string[] used =
        [
            user.Credential.AccountsUrl, user.Credential.BaseUrl, simulator.AddOnPremUser().Credential.BaseUrl,
            simulator.VaultUrl.OriginalString, simulator.EntraUrl.OriginalString,
        ];
        used.Select(url => new Uri(url).Host).ShouldBeSubsetOf(simulator.HostNames);
        simulator.HostNames.ShouldAllBe(name => name == "sim.example.test" || name.EndsWith(".sim.example.test"));
    }

    [Fact]
    public async Task The_control_API_is_on_loopback_only_even_if_the_services_are_not()
    {
        await using var simulator = await SimulatorHost.StartAsync(Elsewhere, TestContext.Current.CancellationToken);
        var listening = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners();
        listening.Where(end => end.Port == simulator.ControlUrl.Port).ShouldBe([new IPEndPoint(IPAddress.Loopback, simulator.ControlUrl.Port)]);
        listening.ShouldContain(new IPEndPoint(IPAddress.Any, simulator.SdpUrl.Port));
    }

    [Fact]
    public async Task As_it_comes_it_listens_on_loopback_only()
    {
        await using var simulator = await SimulatorHost.StartAsync(new SimulatorOptions(), TestContext.Current.CancellationToken);
        Uri[] urls = [simulator.ControlUrl, simulator.AccountsUrl, simulator.SdpUrl, simulator.VaultUrl, simulator.EntraUrl];
        var ports = urls.Select(url => url.Port).ToHashSet();
        IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Where(end => ports.Contains(end.Port))
            .ShouldAllBe(end => end.Address.Equals(IPAddress.Loopback));
    }
}

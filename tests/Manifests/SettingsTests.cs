using Microsoft.Extensions.Configuration;
using Sidecar.Broker.Credentials;
using Sidecar.Broker.Hosting;
using Sidecar.Shim.Settings;
using Sidecar.Tests.Manifests.Rendering;

namespace Sidecar.Tests.Manifests;

/// <summary>Both programs start with what they are given.</summary>
public sealed class SettingsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sidecar-settings-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task The_shim_takes_its_settings_in_every_combination()
    {
        foreach (var rendered in await AllRendered.GetAsync())
            Should.NotThrow(() => SettingsReader.Read(Configuration(rendered.Settings(rendered.Shim))), $"{rendered}");
    }

    [Fact]
    public async Task The_broker_takes_its_settings_in_every_combination()
    {
        // Most give it the same ones.
        foreach (var rendered in (await AllRendered.GetAsync()).DistinctBy(rendered => string.Join(' ', rendered.Settings(rendered.Broker).Keys.Order())))
        {
            // The volume of the token file is the pod's; here it is the test's folder.
            var settings = new Dictionary<string, string>(rendered.Settings(rendered.Broker)) { ["Tokens__CachePath"] = Path.Combine(_folder.FullName, "token") };
            var builder = BrokerServer.CreateBuilder(Configuration(settings));
            Sidecar.Broker.Hosting.Settings.Problems(builder.Services, builder.Configuration).ShouldBeEmpty($"{rendered}");
        }
    }

    [Fact]
    public async Task Cilium_s_names_are_those_of_the_data_centres()
    {
        var names = (await AllRendered.OfAsync("cilium")).All("CiliumNetworkPolicy").Single()["spec"]!["egress"]![1]!["toFQDNs"]!.AsArray().Select(name => (string)name!["matchName"]!);
        names.Skip(2).ShouldBe(DataCentre.All.SelectMany(centre => new[] { centre.AccountsUrl.Host, centre.BaseUrl.Host }), ignoreOrder: true);
    }

    private static IConfigurationRoot Configuration(IReadOnlyDictionary<string, string> settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(pair => KeyValuePair.Create(pair.Key.Replace("__", ":", StringComparison.Ordinal), (string?)pair.Value))).Build();
}

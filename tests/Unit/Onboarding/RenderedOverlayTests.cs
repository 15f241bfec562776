using k8s;
using k8s.Models;
using Microsoft.Extensions.Configuration;
using Shouldly;
using Sidecar.Broker.Hosting;
using Sidecar.Broker.Onboarding;
using Sidecar.Broker.Onboarding.Azure;
using Sidecar.Broker.Onboarding.Overlays;
using Sidecar.Tests.Unit.Docs;
using Sidecar.Tests.Unit.Shim;
using Xunit;
using static Sidecar.Tests.Unit.Onboarding.Overlays;

namespace Sidecar.Tests.Unit.Onboarding;

/// <summary>The overlays of two users as <c>kubectl kustomize</c> renders them, read strictly as what Kubernetes takes.</summary>
public sealed class RenderedOverlayTests : IDisposable
{
    // A slug that would be a number, and the longest there is.
    private static readonly UserName One = ANumber(), Two = User($"{new string('b', 60)}@example.com");

    private static readonly OverlayFacts OfOne = Example with { SecretName = One.SecretName, AzureClientId = "11111111-1111-4111-8111-111111111111", KeyDigest = new string('1', 64) };

    private static readonly OverlayFacts OfTwo = Example with
    {
        Vault = new Uri("https://other.vault.azure.net"), SecretName = Two.SecretName, Wish = new AccessWish([], ReadOnly: false),
        AzureClientId = "22222222-2222-4222-8222-222222222222", KeyDigest = new string('2', 64),
    };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sidecar-rendered-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Two_users_share_no_name_and_no_pod()
    {
        var objects = await RenderAsync((One, OfOne), (Two, OfTwo));
        objects.Count.ShouldBe(12);
        objects.Select(one => (one.Kind, one.Metadata.Name)).Distinct().Count().ShouldBe(12);
        objects.ShouldAllBe(one => one.Metadata.NamespaceProperty == AzureCommands.Namespace && one.Metadata.Name.Length <= 253);
        foreach (var user in new[] { One, Two })
        {
            var labels = Of<V1Deployment>(objects, user).Spec.Template.Metadata.Labels;
            foreach (var owner in new[] { One, Two })
            {
                Selects(Of<V1Deployment>(objects, owner).Spec.Selector.MatchLabels, labels).ShouldBe(owner == user);
                Selects(Of<V1Service>(objects, owner).Spec.Selector, labels).ShouldBe(owner == user);
                Selects(Of<V1NetworkPolicy>(objects, owner).Spec.PodSelector.MatchLabels, labels).ShouldBe(owner == user);
            }
        }

        objects.Where(one => one.Kind != "ConfigMap").ShouldAllBe(one => one.Metadata.Name.Length <= 63);
    }

    [Fact]
    public async Task Each_container_is_given_its_users_settings_and_none_of_the_others()
    {
        var objects = await RenderAsync((One, OfOne), (Two, OfTwo));
        foreach (var (user, facts) in new[] { (One, OfOne), (Two, OfTwo) })
        {
            var pod = Of<V1Deployment>(objects, user).Spec.Template.Spec;
            var broker = Environment(objects, pod.InitContainers.Single());
            broker["Credential__VaultUri"].ShouldBe(facts.Vault.GetLeftPart(UriPartial.Authority));
            broker["Credential__SecretName"].ShouldBe(user.SecretName);
            broker.GetValueOrDefault("Policy__Toolsets").ShouldBe(facts.Wish.Toolsets.Count == 0 ? null : string.Join(',', facts.Wish.Toolsets));
            broker.GetValueOrDefault("Policy__ReadOnly").ShouldBe(facts.Wish.ReadOnly ? "true" : null);
            broker["AZURE_CLIENT_ID"].ShouldBe(facts.AzureClientId);
            broker["Tokens__CachePath"].ShouldStartWith($"{pod.InitContainers.Single().VolumeMounts.Single().MountPath}/");

            // All that a model's side of the pod knows; of the vault not even the name.
            Environment(objects, pod.Containers.Single()).ShouldBe(
                new Dictionary<string, string>
                {
                    ["Shim__Listen"] = "http://0.0.0.0:8080",
                    ["Shim__Access__ApiKeys__0__Name"] = "client",
                    ["Shim__Access__ApiKeys__0__Sha256"] = facts.KeyDigest!,
                },
                ignoreOrder: true);
        }
    }

    [Fact]
    public async Task Both_programs_take_the_settings_that_they_are_given()
    {
        var objects = await RenderAsync((One, OfOne), (Two, OfTwo));
        foreach (var user in new[] { One, Two })
        {
            var pod = Of<V1Deployment>(objects, user).Spec.Template.Spec;
            SettingsTests.Read([.. Environment(objects, pod.Containers.Single()).Select(pair => (Key(pair.Key), pair.Value))]).ApiKeys.Single().Name.ShouldBe("client");

            // The volume of the token file is the pod's; here it is the test's folder.
            var broker = Environment(objects, pod.InitContainers.Single()).ToDictionary(pair => Key(pair.Key), pair => (string?)pair.Value);
            broker["Tokens:CachePath"] = Path.Combine(_folder.FullName, "token");
            var builder = BrokerServer.CreateBuilder(new ConfigurationBuilder().AddInMemoryCollection(broker).Build());
            Settings.Problems(builder.Services, builder.Configuration).ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task Each_pod_runs_as_its_users_service_account_that_Azure_is_told_of()
    {
        var objects = await RenderAsync((One, OfOne), (Two, OfTwo));
        foreach (var (user, facts) in new[] { (One, OfOne), (Two, OfTwo) })
        {
            var pod = Of<V1Deployment>(objects, user).Spec.Template;
            var account = objects.OfType<V1ServiceAccount>().Single(account => account.Metadata.Name == pod.Spec.ServiceAccountName);
            account.Metadata.Name.ShouldBe(OverlayText.ServiceAccount(user));
            account.Metadata.Annotations["azure.workload.identity/client-id"].ShouldBe(facts.AzureClientId);
            account.AutomountServiceAccountToken.ShouldBe(false);
            pod.Spec.AutomountServiceAccountToken.ShouldBe(false);
            pod.Metadata.Labels["azure.workload.identity/use"].ShouldBe("true");
            pod.Metadata.Annotations["azure.workload.identity/skip-containers"].ShouldBe(pod.Spec.Containers.Single().Name);
        }
    }

    [Fact]
    public async Task A_user_without_an_identity_or_a_key_yet_renders_as_well()
    {
        var objects = await RenderAsync((One, OfOne with { AzureClientId = null, KeyDigest = null }));
        objects.OfType<V1ServiceAccount>().Single().Metadata.Annotations.ShouldBeNull();
        Environment(objects, Of<V1Deployment>(objects, One).Spec.Template.Spec.Containers.Single()).Keys.ShouldBe(["Shim__Listen"]);
    }

    [Fact]
    public async Task A_pod_is_made_anew_when_its_identity_or_its_key_is_another()
    {
        async Task<string> PodAsync(OverlayFacts facts)
        {
            var objects = await RenderAsync((One, facts));
            return KubernetesYaml.Serialize(Of<V1Deployment>(objects, One).Spec.Template);
        }

        string[] pods = [await PodAsync(OfOne), await PodAsync(OfOne with { AzureClientId = OfTwo.AzureClientId }), await PodAsync(OfOne with { KeyDigest = OfTwo.KeyDigest })];
        pods.Distinct().Count().ShouldBe(3);
        (await PodAsync(OfOne)).ShouldBe(pods[0]);
    }

    [Fact]
    public async Task The_example_in_the_repository_renders() => (await KustomizeAsync(Document.PathOf("k8s/users/example"))).Count.ShouldBe(6);

    private static string Key(string variable) => variable.Replace("__", ":", StringComparison.Ordinal);

    private static UserName ANumber() => Enumerable.Range(0, 100_000).Select(at => User($"1e@{at}.example.com")).First(user => user.Slug[3..].All(char.IsAsciiDigit));

    private static bool Selects(IDictionary<string, string> selector, IDictionary<string, string> labels) =>
        selector.All(pair => labels.TryGetValue(pair.Key, out var value) && value == pair.Value);

    private static T Of<T>(IEnumerable<IKubernetesObject<V1ObjectMeta>> objects, UserName user) =>
        objects.Where(one => one.Metadata.Name.StartsWith($"{user.SecretName}-", StringComparison.Ordinal)).OfType<T>().Single();

    private static Dictionary<string, string> Environment(IEnumerable<IKubernetesObject<V1ObjectMeta>> objects, V1Container container)
    {
        var name = container.EnvFrom.Single().ConfigMapRef.Name;
        return new(objects.OfType<V1ConfigMap>().Single(map => map.Metadata.Name == name).Data);
    }

    private async Task<List<IKubernetesObject<V1ObjectMeta>>> RenderAsync(params (UserName User, OverlayFacts Facts)[] users)
    {
        var root = _folder.CreateSubdirectory("k8s");
        foreach (var part in new[] { "base", "site" })
        {
            var to = root.CreateSubdirectory(part);
            foreach (var file in Directory.EnumerateFiles(Document.PathOf($"k8s/{part}"))) File.Copy(file, Path.Combine(to.FullName, Path.GetFileName(file)), overwrite: true);
        }

        foreach (var (user, facts) in users) new UserOverlay(root.CreateSubdirectory("users"), user).Write(facts);
        await File.WriteAllTextAsync(Path.Combine(root.FullName, "kustomization.yaml"), $"resources: [{string.Join(", ", users.Select(one => $"users/{one.User.Slug}"))}]\n");
        return await KustomizeAsync(root.FullName);
    }

    private static async Task<List<IKubernetesObject<V1ObjectMeta>>> KustomizeAsync(string folder)
    {
        var (exitCode, output, error) = await Shell.RunAsync("kubectl", ["kustomize", folder]);
        exitCode.ShouldBe(0, error);
        error.ShouldBeEmpty();
        return [.. KubernetesYaml.LoadAllFromString(output, typeMap: null, strict: true).Cast<IKubernetesObject<V1ObjectMeta>>()];
    }
}

using System.Text.Json.Nodes;
using Sidecar.Tests.Containers.Pods.Rendering;
using Sidecar.Tests.Containers.Pods.Running;
using Sidecar.Tests.Containers.Pods.Users;

namespace Sidecar.Tests.Containers.Pods;

/// <summary>How far the pods that are played here are those that a cluster would run.</summary>
public sealed class RenderingTests
{
    [Fact]
    public async Task What_is_played_differs_from_what_was_rendered_by_the_listed_alterations_alone_and_by_each_of_them()
    {
        await using var stage = await PodStage.SetAsync();
        var user = stage.Onboard(0);
        var differences = new List<Difference>();
        foreach (var components in new[] { [], new[] { "unix-socket", "kubernetes-secret" } })
        {
            var manifests = await stage.RenderAsync(user, "192.0.2.1", new PodWish { Components = components });
            var played = PodmanDialect.Translate(manifests.Deployment, manifests.Single("ServiceAccount"), stage.Cluster(user));
            differences.AddRange(Difference.Between(Manifests.PodOf(manifests.Deployment), Manifests.PodOf(played)));
            Difference.Between(WithoutPod(manifests.Deployment), WithoutPod(played)).ShouldBeEmpty();
        }

        differences.Where(difference => !PodmanDialect.All.Any(alteration => alteration.Paths.IsMatch(difference.Path))).ShouldBeEmpty();
        PodmanDialect.All.Where(alteration => !differences.Any(difference => alteration.Paths.IsMatch(difference.Path))).Select(alteration => alteration.Why).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("shim", true)]
    [InlineData("other; shim", true)]
    public async Task The_webhook_gives_a_token_to_every_container_that_the_annotation_does_not_name(string skipped, bool spared)
    {
        await using var stage = await PodStage.SetAsync();
        var user = stage.Onboard(0);
        var manifests = await stage.RenderAsync(user, "192.0.2.1");
        Manifests.PodOf(manifests.Deployment)["metadata"]!["annotations"]!["azure.workload.identity/skip-containers"] = skipped;
        var played = PodmanDialect.Translate(manifests.Deployment, manifests.Single("ServiceAccount"), stage.Cluster(user));
        foreach (var container in Manifests.PodOf(played)["spec"]!["containers"]!.AsArray())
        {
            var has = container!["volumeMounts"]?.AsArray().Any(mount => (string?)mount!["name"] == IdentityWebhook.Volume) == true;
            has.ShouldBe((string?)container["name"] == "broker" || !spared);
        }
    }

    private static JsonObject WithoutPod(JsonObject deployment)
    {
        var copy = deployment.DeepClone().AsObject();
        copy["spec"]!.AsObject().Remove("template");
        return copy;
    }
}

namespace Sidecar.Tests.Containers.Pods;

/// <summary>Tests that need three users' pods and leave them as they were.</summary>
[CollectionDefinition(Name)]
public sealed class SharedPods : ICollectionFixture<ThreePods>
{
    public const string Name = "three pods";
}

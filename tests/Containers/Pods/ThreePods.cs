using Sidecar.Tests.Containers.Pods.Running;
using Sidecar.Tests.Containers.Pods.Users;

namespace Sidecar.Tests.Containers.Pods;

/// <summary>Three users' pods that take API keys and Entra tokens, for the tests of a class.</summary>
public sealed class ThreePods : IAsyncLifetime
{
    /// <summary>The application that the users' tokens are for.</summary>
    internal string Audience { get; } = Guid.NewGuid().ToString();

    internal PodStage Stage { get; private set; } = null!;

    internal IReadOnlyList<RunningPod> All { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        Stage = await PodStage.SetAsync();
        // When this fails, xunit disposes of the fixture all the same.
        All = await Task.WhenAll(Enumerable.Range(0, 3).Select(technician => Stage.PlayAsync(Stage.Onboard(technician), Wish("entra", "one-url"))));
    }

    public ValueTask DisposeAsync() => Stage.DisposeAsync();

    /// <summary>What the operator sets for Entra, with some components.</summary>
    internal PodWish Wish(params string[] components) => new()
    {
        Components = components,
        Shim = new Dictionary<string, string>
        {
            ["Shim__Access__Entra__TenantId"] = Stage.Simulator.Entra.TenantId,
            ["Shim__Access__Entra__Audience"] = Audience,
            ["Shim__Access__Entra__Authority"] = Stage.Simulator.EntraUrl.OriginalString,
            ["Tls__CaFile"] = "/etc/sidecar/authority/ca.pem",
        },
    };

    /// <summary>The user, signed in at Entra.</summary>
    internal Caller SignedIn(PodUser user) =>
        Caller.WithToken(Stage.Simulator.Entra.MakeUserToken(new() { Audience = Audience, PrincipalName = user.Name.Email }));
}

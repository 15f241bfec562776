using System.Text;
using Sidecar.Simulator;
using Sidecar.Tests.Containers.Pods.Users;

namespace Sidecar.Tests.Containers.Pods.Looking;

/// <summary>A value that must be nowhere but in one broker.</summary>
/// <param name="Name">What may be said of it.</param>
/// <param name="Value">The value.</param>
internal sealed record Secret(string Name, string Value)
{
    /// <summary>As bytes in memory or a file, in both encodings that .NET holds text in.</summary>
    public byte[][] Patterns => [Encoding.UTF8.GetBytes(Value), Encoding.Unicode.GetBytes(Value)];

    public override string ToString() => Name;

    /// <summary>All of a user, and every token that was ever made.</summary>
    public static IReadOnlyList<Secret> Of(PodUser user, SimulatorHost simulator) =>
    [
        new("client secret", user.Person.Credential.ClientSecret),
        new("refresh token", user.Person.Credential.RefreshToken),
        new("federated token", user.Person.Identity.FederatedToken),
        .. simulator.Accounts.AccessTokens.Select((token, index) => new Secret($"access token {index + 1}", token)),
        .. simulator.Entra.AccessTokens.Select((token, index) => new Secret($"vault token {index + 1}", token)),
    ];
}

using CsCheck;
using Sidecar.Broker.Onboarding;
using Sidecar.Broker.Onboarding.Overlays;

namespace Sidecar.Tests.Unit.Onboarding;

/// <summary>Users and facts to write overlays of.</summary>
internal static class Overlays
{
    /// <summary>Not a key's digest: nobody has a key for it.</summary>
    public static readonly string NoKey = new('0', 64);

    public static readonly OverlayFacts Example = new(
        new Uri("https://my-vault.vault.azure.net"), User("ada@example.com").SecretName, new AccessWish(["core", "requests"], ReadOnly: true), Guid.Empty.ToString("D"), NoKey, "ada@example.com");

    public static Gen<UserName> Users { get; } =
        Gen.Char.Array[1, 30].Select(chars => UserName.From($"{string.Concat(chars.Where(c => c != '@' && !char.IsWhiteSpace(c) && !char.IsControl(c)))}x@example.com")!);

    public static Gen<OverlayFacts> Facts { get; } = Gen.Select(
        Gen.Select(Gen.String[Gen.Char["abcxyz019-"], 1, 20], Gen.Int[0, 65535]),
        Gen.String[Gen.Char["abcXYZ019-"], 1, 127],
        Gen.String[Gen.Char["abcXYZ019-_"], 1, 20].Array[0, 5],
        Gen.Bool,
        Gen.Guid,
        Gen.Byte.Array[32],
        Gen.Bool,
        Gen.Bool,
        (host, secret, toolsets, readOnly, client, digest, hasClient, hasDigest) => new OverlayFacts(
            new Uri($"https://a{host.Item1}z.vault.azure.net{(host.Item2 % 2 == 0 ? "" : $":{host.Item2}")}"),
            secret,
            new AccessWish(toolsets, readOnly),
            hasClient ? client.ToString("D") : null,
            hasDigest ? Convert.ToHexStringLower(digest) : null,
            (host.Item2 % 3) switch { 0 => null, 1 => client.ToString("D"), _ => $"{host.Item1}z@example.com" }));

    public static UserName User(string email) => UserName.From(email)!;
}

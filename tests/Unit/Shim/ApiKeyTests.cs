using Shouldly;
using Sidecar.Shim.Access;
using Sidecar.Shim.Commands;
using Xunit;

namespace Sidecar.Tests.Unit.Shim;

public class ApiKeyTests
{
    [Fact]
    public void A_generated_key_is_let_in_by_its_digest_under_its_name()
    {
        var key = ApiKey.Generate();
        var ring = Ring(("anna", ApiKey.DigestOf(key)), ("ben", ApiKey.DigestOf(ApiKey.Generate())));
        ring.IsOpen.ShouldBeFalse();
        ring.HolderOf(key).ShouldBe("anna");
        ring.HolderOf(key + " ").ShouldBeNull();
        ring.HolderOf(ApiKey.DigestOf(key)).ShouldBeNull();
        ring.HolderOf("").ShouldBeNull();
    }

    [Fact]
    public void Generated_keys_differ_and_carry_256_bits()
    {
        Enumerable.Range(0, 100).Select(_ => ApiKey.Generate()).Distinct().Count().ShouldBe(100);
        ApiKey.Generate().Length.ShouldBe("sdpshim_".Length + 43);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" a")]
    [InlineData("Jürgen")]
    [InlineData("a\nb")]
    public void A_name_that_cannot_travel_in_a_header_is_refused(string name) => ApiKey.ProblemWithName(name).ShouldNotBeNull();

    [Fact]
    public void Keygen_prints_the_key_once_and_settings_that_hold()
    {
        var key = ApiKey.Generate();
        var text = KeygenCommand.Describe(key, "anna");
        (text.Split(key).Length - 1).ShouldBe(1);
        var settings = text.Split('\n').Select(line => line.Trim()).Where(line => line.StartsWith("Shim__", StringComparison.Ordinal))
            .Select(line => line.Split('=')).Select(pair => (pair[0].Replace("__", ":", StringComparison.Ordinal), pair[1])).ToArray();
        new KeyRing(SettingsTests.Read(settings)).HolderOf(key).ShouldBe("anna");
    }

    private static KeyRing Ring(params (string Name, string Digest)[] keys) => new(SettingsTests.Read(
        [.. keys.SelectMany((key, index) => new[] { ($"Shim:Access:ApiKeys:{index}:Name", key.Name), ($"Shim:Access:ApiKeys:{index}:Sha256", key.Digest) })]));
}

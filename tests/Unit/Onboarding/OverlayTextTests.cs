using CsCheck;
using Shouldly;
using Sidecar.Broker.Onboarding;
using Sidecar.Broker.Onboarding.Overlays;
using Sidecar.Tests.Unit.Docs;
using Xunit;
using static Sidecar.Tests.Unit.Onboarding.Overlays;

namespace Sidecar.Tests.Unit.Onboarding;

public class OverlayTextTests
{
    [Fact]
    public void The_example_in_the_repository_is_what_onboarding_writes() =>
        File.ReadAllText(Document.PathOf("k8s/users/example/kustomization.yaml")).ShouldBe(OverlayText.Of(User("ada@example.com"), Example));

    [Fact]
    public void What_an_overlay_says_is_read_back_as_it_was() => Gen.Select(Users, Facts).Sample((user, facts) =>
    {
        var text = OverlayText.Of(user, facts);
        text.Split('\n').Length.ShouldBeLessThanOrEqualTo(15 + 1);
        var read = OverlayText.Parse(user, text).ShouldNotBeNull(text);
        read.Wish.Toolsets.ShouldBe(facts.Wish.Toolsets);
        (read with { Wish = facts.Wish }).ShouldBe(facts);
        read.Wish.ReadOnly.ShouldBe(facts.Wish.ReadOnly);
    });

    [Fact]
    public void A_user_s_name_at_Entra_is_their_address_where_that_can_be_one()
    {
        OverlayText.OwnerOf(User("ada@example.com")).ShouldBe("ada@example.com");
        OverlayText.OwnerOf(User("o'hara@example.com")).ShouldBeNull();
        OverlayText.OwnerOf(User($"{new string('a', 110)}@example.com")).ShouldBeNull();
        // One who is called like an overlay's line stays one's own.
        var sly = User("\"owner=x@example.com");
        OverlayText.Parse(sly, OverlayText.Of(sly, Example)).ShouldNotBeNull().Owner.ShouldBe(Example.Owner);
    }

    [Fact]
    public void An_overlay_that_differs_in_anything_is_not_taken_for_what_was_written() => Gen.Select(Users, Facts, Gen.Int[0, int.MaxValue], Gen.Char[' ', '~']).Sample((user, facts, at, c) =>
    {
        var text = OverlayText.Of(user, facts);
        var changed = text.Insert(at % text.Length, $"{c}");
        // What was changed may be another overlay, whole and well; it is never read as something that it does not say.
        if (OverlayText.Parse(user, changed) is { } read) OverlayText.Of(user, read).ShouldBe(changed);
        OverlayText.Parse(user, text + $"# {c}\n").ShouldBeNull();
    });

    [Fact]
    public void Line_endings_of_another_system_change_nothing()
    {
        var text = OverlayText.Of(User("ada@example.com"), Example).ReplaceLineEndings("\r\n");
        OverlayText.Parse(User("ada@example.com"), text).ShouldNotBeNull();
        OverlayText.IsOurs(text).ShouldBeTrue();
    }

    [Theory]
    [InlineData("a\", \"Credential__Source=File")]
    [InlineData("a\npatches: []")]
    [InlineData("a,b")]
    [InlineData("a'")]
    [InlineData("ä")]
    [InlineData(" ")]
    [InlineData("")]
    public void A_value_that_could_be_more_than_a_value_is_refused(string hostile)
    {
        var user = User("ada@example.com");
        Should.Throw<CommandFailure>(() => OverlayText.Of(user, Example with { Wish = new AccessWish([hostile], ReadOnly: false) }));
        Should.Throw<CommandFailure>(() => OverlayText.Of(user, Example with { SecretName = hostile }));
        Should.Throw<CommandFailure>(() => OverlayText.Of(user, Example with { AzureClientId = hostile }));
        Should.Throw<CommandFailure>(() => OverlayText.Of(user, Example with { AzureClientId = $"{Guid.Empty}"[..35] + hostile }));
        Should.Throw<CommandFailure>(() => OverlayText.Of(user, Example with { AzureClientId = $"{Guid.Empty}\n{hostile}" }));
        Should.Throw<CommandFailure>(() => OverlayText.Of(user, Example with { KeyDigest = hostile }));
        Should.Throw<CommandFailure>(() => OverlayText.Of(user, Example with { Owner = hostile }));
        Should.Throw<CommandFailure>(() => OverlayText.Of(user, Example with { Owner = $"ada@example.com,\"{hostile}" }));
        Should.Throw<CommandFailure>(() => OverlayText.Of(user, Example with { KeyDigest = NoKey[..63] + hostile }));
    }

    [Theory]
    [InlineData("https://v.vault.azure.net/secrets")]
    [InlineData("https://v.vault.azure.net/?a=\"")]
    [InlineData("http://v.vault.azure.net")]
    public void A_vault_that_is_more_than_a_server_is_refused(string url) =>
        Should.Throw<CommandFailure>(() => OverlayText.Of(User("ada@example.com"), Example with { Vault = new Uri(url) })).Message.ShouldContain("vault");

    [Fact]
    public void Names_that_Kubernetes_takes_are_made_of_any_address()
    {
        Users.Sample(user =>
        {
            var name = OverlayText.ServiceAccount(user);
            name.Length.ShouldBeLessThanOrEqualTo(63);
            name.ShouldMatch("^[a-z]([a-z0-9-]*[a-z0-9])?$");
        });
        OverlayText.ServiceAccount(User($"{new string('a', 200)}@example.com")).Length.ShouldBe(63);
    }
}

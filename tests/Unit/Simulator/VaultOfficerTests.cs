using System.Net;
using Azure;
using Azure.Security.KeyVault.Secrets;
using Shouldly;
using Sidecar.Simulator;
using Xunit;

namespace Sidecar.Tests.Unit.Simulator;

/// <summary>What onboarding does to a vault: roles, pages, tags, and deletions that take their time.</summary>
public sealed class VaultOfficerTests : IClassFixture<SimulatorFixture>
{
    private readonly SimulatorFixture _sim;
    private readonly SimulatedIdentity _officer, _reader;
    private readonly SecretClient _vault;

    public VaultOfficerTests(SimulatorFixture sim)
    {
        _sim = sim;
        _sim.Reset();
        (_officer, _reader) = (_sim.Host.AddUser().Identity, _sim.Host.AddUser().Identity);
        _sim.Host.Vault.Grant(_officer.ClientId, VaultRole.Officer);
        _vault = _sim.VaultClient(_officer);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static async Task<(int Status, string? Code)> FailsAsync(Func<Task> call)
    {
        var failure = await Should.ThrowAsync<RequestFailedException>(call);
        return (failure.Status, failure.GetRawResponse()!.Content.ToString() is var body && body.Contains("innererror", StringComparison.Ordinal)
            ? body.Split("\"innererror\":{\"code\":\"")[1].Split('"')[0]
            : failure.ErrorCode);
    }

    [Fact]
    public async Task A_new_secret_is_closed_to_others_until_they_are_granted_it()
    {
        await _vault.SetSecretAsync("sdp-new", "x", Cancel);
        var readers = _sim.VaultClient(_reader);
        (await FailsAsync(() => readers.GetSecretAsync("sdp-new", cancellationToken: Cancel))).ShouldBe((403, "ForbiddenByRbac"));
        _sim.Host.Vault.Grant(_reader.ClientId, VaultRole.User, "SDP-new");
        (await readers.GetSecretAsync("sdp-new", cancellationToken: Cancel)).Value.Value.ShouldBe("x");
        await _vault.SetSecretAsync("sdp-other", "y", Cancel);
        (await FailsAsync(() => readers.GetSecretAsync("sdp-other", cancellationToken: Cancel))).ShouldBe((403, "ForbiddenByRbac"));
        (await FailsAsync(() => readers.GetSecretAsync("sdp-none", cancellationToken: Cancel))).ShouldBe((403, "ForbiddenByRbac"), "nor is told what is there");

        _sim.Host.Vault.SetRoles(_reader.ClientId, []);
        (await FailsAsync(() => readers.GetSecretAsync("sdp-new", cancellationToken: Cancel))).ShouldBe((403, "ForbiddenByRbac"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_reader_of_one_secret_changes_nothing_and_lists_no_vault(bool byRole)
    {
        var secret = (await _vault.SetSecretAsync("sdp-read", "x", Cancel)).Value;
        if (byRole)
            _sim.Host.Vault.Grant(_reader.ClientId, VaultRole.User, "sdp-read");
        else
            _sim.Host.Vault.SetReaders("sdp-read", [_reader.ClientId]);
        var client = _sim.VaultClient(_reader);
        (await client.GetPropertiesOfSecretVersionsAsync("sdp-read", Cancel).ToListAsync(Cancel)).Count.ShouldBe(1);
        Func<Task>[] changes =
        [
            () => client.SetSecretAsync("sdp-read", "y", Cancel),
            () => client.SetSecretAsync("sdp-mine", "y", Cancel),
            () => client.UpdateSecretPropertiesAsync(secret.Properties, Cancel),
            () => client.StartDeleteSecretAsync("sdp-read", Cancel),
            async () => await client.GetPropertiesOfSecretsAsync(Cancel).ToListAsync(Cancel),
            async () => await client.GetDeletedSecretsAsync(Cancel).ToListAsync(Cancel),
        ];
        foreach (var change in changes)
            (await FailsAsync(change)).ShouldBe((403, "ForbiddenByRbac"));
        _sim.Host.Vault.Versions("sdp-read").Single().Value.ShouldBe("x");
        _sim.Host.Vault.Versions("sdp-mine").ShouldBeEmpty();
    }

    [Fact]
    public async Task An_officer_of_one_secret_owns_that_one_alone()
    {
        _sim.Host.Vault.Grant(_reader.ClientId, VaultRole.Officer, "sdp-own");
        var client = _sim.VaultClient(_reader);
        await client.SetSecretAsync("sdp-own", "x", Cancel);
        await client.StartDeleteSecretAsync("sdp-own", Cancel);
        await client.StartRecoverDeletedSecretAsync("sdp-own", Cancel);
        (await client.GetSecretAsync("sdp-own", cancellationToken: Cancel)).Value.Value.ShouldBe("x");
        (await FailsAsync(() => client.SetSecretAsync("sdp-else", "x", Cancel))).ShouldBe((403, "ForbiddenByRbac"));
        (await FailsAsync(async () => await client.GetPropertiesOfSecretsAsync(Cancel).ToListAsync(Cancel))).ShouldBe((403, "ForbiddenByRbac"));
    }

    [Fact]
    public async Task An_identity_without_a_role_still_reads_what_was_left_open_and_changes_nothing()
    {
        _sim.Host.Vault.SetSecret("sdp-open", "x");
        var client = _sim.VaultClient(_reader);
        (await client.GetSecretAsync("sdp-open", cancellationToken: Cancel)).Value.Value.ShouldBe("x");
        (await FailsAsync(() => client.SetSecretAsync("sdp-open", "y", Cancel))).ShouldBe((403, "ForbiddenByRbac"));
        (await FailsAsync(async () => await client.GetPropertiesOfSecretsAsync(Cancel).ToListAsync(Cancel))).ShouldBe((403, "ForbiddenByRbac"));
    }

    [Fact]
    public async Task Roles_are_given_over_the_control_api()
    {
        async Task PutAsync(string roles)
        {
            var body = new StringContent($$"""{"client_id":"{{_reader.ClientId}}","roles":{{roles}}}""");
            (await _sim.Send(new HttpRequestMessage(HttpMethod.Put, new Uri(_sim.Host.ControlUrl, "/_sim/vault/roles")) { Content = body })).Status.ShouldBe(HttpStatusCode.OK);
        }

        _sim.Host.Vault.SetSecret("sdp-roles", "x", readers: []);
        await PutAsync("""[{"role":"user","secret":"sdp-roles"}]""");
        (await _sim.VaultClient(_reader).GetSecretAsync("sdp-roles", cancellationToken: Cancel)).Value.Value.ShouldBe("x");
        await PutAsync("""[{"role":"officer"}]""");
        await _sim.VaultClient(_reader).SetSecretAsync("sdp-any", "x", Cancel);
        var listed = await _sim.Send(new HttpRequestMessage(HttpMethod.Get, new Uri(_sim.Host.ControlUrl, "/_sim/vault/roles")));
        ((string)listed.Json[_reader.ClientId]![0]!["role"]!).ShouldBe("officer");
        await PutAsync("[]");
        (await FailsAsync(() => _sim.VaultClient(_reader).SetSecretAsync("sdp-any", "y", Cancel))).ShouldBe((403, "ForbiddenByRbac"));
    }

    [Fact]
    public async Task Lists_come_in_pages_of_25_with_tags_and_without_values()
    {
        for (var number = 0; number < 60; number++)
            _sim.Host.Vault.SetSecret($"sdp-page-{number}", "a value", "text/plain", new Dictionary<string, string> { ["user"] = $"{number}" });
        var pages = await _vault.GetPropertiesOfSecretsAsync(Cancel).AsPages().ToListAsync(Cancel);
        pages.Select(page => page.Values.Count).ShouldBe([25, 25, 10]);
        var all = pages.SelectMany(page => page.Values).ToList();
        all.Select(secret => secret.Name).Distinct().Count().ShouldBe(60);
        all.ShouldAllBe(secret => secret.Name == $"sdp-page-{secret.Tags["user"]}" && secret.ContentType == "text/plain" && secret.Enabled == true);
        pages[0].GetRawResponse().Content.ToString().ShouldNotContain("a value");

        foreach (var secret in all)
            _sim.Host.Vault.SetDeleted(secret.Name, true);
        (await _vault.GetDeletedSecretsAsync(Cancel).AsPages().ToListAsync(Cancel)).Select(page => page.Values.Count).ShouldBe([25, 25, 10]);
        (await _vault.GetPropertiesOfSecretsAsync(Cancel).ToListAsync(Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_secret_that_goes_between_two_pages_hides_no_other()
    {
        for (var number = 10; number < 40; number++)
            _sim.Host.Vault.SetSecret($"sdp-gap-{number}", "x");
        List<string> seen = [];
        await foreach (var page in _vault.GetPropertiesOfSecretsAsync(Cancel).AsPages())
        {
            seen.AddRange(page.Values.Select(secret => secret.Name));
            _sim.Host.Vault.SetDeleted("sdp-gap-10", true);
        }

        seen.Count.ShouldBe(30);
    }

    [Fact]
    public async Task Versions_come_in_pages_each_with_its_own_attributes()
    {
        for (var version = 0; version < 30; version++)
            _sim.Host.Vault.SetSecret("sdp-many", $"{version}");
        var first = _sim.Host.Vault.Versions("sdp-many")[0];
        var properties = (await _vault.GetSecretAsync("sdp-many", first.Id, Cancel)).Value.Properties;
        properties.Enabled = false;
        properties.Tags["why"] = "old";
        await _vault.UpdateSecretPropertiesAsync(properties, Cancel);
        var pages = await _vault.GetPropertiesOfSecretVersionsAsync("sdp-many", Cancel).AsPages().ToListAsync(Cancel);
        pages.Select(page => page.Values.Count).ShouldBe([25, 5]);
        var off = pages.SelectMany(page => page.Values).Single(version => version.Enabled == false);
        (off.Version, off.Tags["why"]).ShouldBe((first.Id, "old"));
        (await _vault.GetSecretAsync("sdp-many", cancellationToken: Cancel)).Value.Value.ShouldBe("29");
    }

    [Theory]
    [InlineData("maxresults=0")]
    [InlineData("maxresults=26")]
    [InlineData("maxresults=many")]
    [InlineData("$skiptoken=%2A")]
    public async Task A_page_that_cannot_be_is_a_bad_parameter(string query) => (await RawAsync(query)).Status.ShouldBe(HttpStatusCode.BadRequest);

    [Fact]
    public async Task A_page_can_be_smaller()
    {
        for (var number = 0; number < 3; number++)
            _sim.Host.Vault.SetSecret($"sdp-small-{number}", "x");
        var reply = await RawAsync("maxresults=2");
        reply.Json["value"]!.AsArray().Count.ShouldBe(2);
        var next = (string)reply.Json["nextLink"]!;
        next.ShouldContain("maxresults=2");
        (await RawAsync(new Uri(next).Query[1..])).Json["value"]!.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public async Task Deleting_and_recovering_can_take_their_time()
    {
        _sim.Host.Vault.Switches = new VaultSwitches { DeleteMilliseconds = 5000, RecoverMilliseconds = 5000 };
        await _vault.SetSecretAsync("sdp-slow", "x", Cancel);
        var deletion = await _vault.StartDeleteSecretAsync("sdp-slow", Cancel);
        (await deletion.UpdateStatusAsync(Cancel)).Status.ShouldBe(404);
        deletion.HasCompleted.ShouldBeFalse();
        (await FailsAsync(() => _vault.SetSecretAsync("sdp-slow", "y", Cancel))).ShouldBe((409, "ObjectIsBeingDeleted"));
        (await FailsAsync(() => _vault.StartRecoverDeletedSecretAsync("sdp-slow", Cancel))).Status.ShouldBe(404);
        (await FailsAsync(() => _vault.GetSecretAsync("sdp-slow", cancellationToken: Cancel))).Status.ShouldBe(404);

        _sim.Host.Clock.Advance(TimeSpan.FromSeconds(5));
        await deletion.UpdateStatusAsync(Cancel);
        deletion.HasCompleted.ShouldBeTrue();
        (await FailsAsync(() => _vault.SetSecretAsync("sdp-slow", "y", Cancel))).ShouldBe((409, "ObjectIsDeletedButRecoverable"));

        var recovery = await _vault.StartRecoverDeletedSecretAsync("sdp-slow", Cancel);
        await recovery.UpdateStatusAsync(Cancel);
        recovery.HasCompleted.ShouldBeFalse();
        (await FailsAsync(() => _vault.SetSecretAsync("sdp-slow", "y", Cancel))).ShouldBe((409, "ObjectIsBeingRecovered"));
        _sim.Host.Clock.Advance(TimeSpan.FromSeconds(5));
        await recovery.UpdateStatusAsync(Cancel);
        recovery.HasCompleted.ShouldBeTrue();
        (await _vault.SetSecretAsync("sdp-slow", "y", Cancel)).Value.Value.ShouldBe("y");
        _sim.Host.Vault.Versions("sdp-slow").Select(version => version.Value).ShouldBe(["x", "y"]);
    }

    [Fact]
    public async Task A_protected_vault_purges_nothing_and_says_so_in_the_attributes()
    {
        _sim.Host.Vault.Switches = new VaultSwitches { PurgeProtected = true };
        var secret = (await _vault.SetSecretAsync("sdp-safe", "x", Cancel)).Value;
        secret.Properties.RecoveryLevel.ShouldBe("Recoverable");
        await _vault.StartDeleteSecretAsync("sdp-safe", Cancel);
        (await FailsAsync(() => _vault.PurgeDeletedSecretAsync("sdp-safe", Cancel))).Status.ShouldBe(403);
        _sim.Host.Vault.Versions("sdp-safe").Count.ShouldBe(1);
    }

    [Fact]
    public async Task Lists_and_updates_are_throttled_as_reads_are_and_sets_on_their_own()
    {
        var secret = (await _vault.SetSecretAsync("sdp-busy", "x", Cancel)).Value;
        _sim.Host.Vault.Switches = new VaultSwitches { CallLimit = 0 };
        (await FailsAsync(async () => await _vault.GetPropertiesOfSecretsAsync(Cancel).ToListAsync(Cancel))).Status.ShouldBe(429);
        (await FailsAsync(() => _vault.UpdateSecretPropertiesAsync(secret.Properties, Cancel))).Status.ShouldBe(429);
        await _vault.SetSecretAsync("sdp-busy", "y", Cancel);
        _sim.Host.Vault.Switches = new VaultSwitches { CreateLimit = 0 };
        (await FailsAsync(() => _vault.SetSecretAsync("sdp-busy", "z", Cancel))).Status.ShouldBe(429);
        _sim.Host.Vault.Versions("sdp-busy").Count.ShouldBe(2);
    }

    [Fact]
    public async Task What_a_secret_carries_has_its_limits()
    {
        var wide = new KeyVaultSecret("sdp-wide", "x") { Properties = { ContentType = new string('c', 256) } };
        (await FailsAsync(() => _vault.SetSecretAsync(wide, Cancel))).Status.ShouldBe(400);
        var lengthy = new KeyVaultSecret("sdp-wide", "x") { Properties = { Tags = { ["tag"] = new string('t', 257) } } };
        (await FailsAsync(() => _vault.SetSecretAsync(lengthy, Cancel))).Status.ShouldBe(400);
        _sim.Host.Vault.Versions("sdp-wide").ShouldBeEmpty();
    }

    private async Task<Reply> RawAsync(string query)
    {
        var token = await _sim.Send(new HttpRequestMessage(HttpMethod.Post, new Uri(_sim.Host.EntraUrl, $"/{_officer.TenantId}/oauth2/v2.0/token"))
        {
            Content = new FormUrlEncodedContent(
            [
                new("grant_type", "client_credentials"), new("client_id", _officer.ClientId), new("scope", $"{_sim.Host.Vault.Resource}/.default"),
                new("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"), new("client_assertion", _officer.FederatedToken),
            ]),
        });
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_sim.Host.VaultUrl, $"/secrets?{query}"));
        request.Headers.Authorization = new("Bearer", (string)token.Json["access_token"]!);
        return await _sim.Send(request);
    }
}

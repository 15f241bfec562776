using Sidecar.Broker.Onboarding.Vault;
using Sidecar.Simulator;

namespace Sidecar.Tests.Onboarding;

/// <summary><c>broker verify</c>: the vault and the secret.</summary>
public sealed class VerifyVaultTests : IAsyncLifetime
{
    private const string Somebody = "somebody@example.com";

    private Desk _desk = null!;

    public async ValueTask InitializeAsync() => _desk = await Desk.SetAsync();

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact]
    public async Task A_vault_that_does_not_permit_it_is_a_finding()
    {
        Strike(FaultKind.Status, 403, """{"error":{"code":"Forbidden","message":"Caller is not authorized.","innererror":{"code":"ForbiddenByRbac"}}}""");
        (await _desk.VerifyAsync(Somebody)).ShouldFail("vault", "not permitted", "Key Vault Secrets Officer");
    }

    [Fact]
    public async Task A_firewall_that_lets_nobody_in_is_told_from_a_role_that_is_missing()
    {
        Strike(FaultKind.Status, 403, """{"error":{"code":"Forbidden","message":"Client address is not authorized.","innererror":{"code":"ForbiddenByFirewall"}}}""");
        (await _desk.VerifyAsync(Somebody)).ShouldFail("vault", "firewall", "network");
    }

    [Fact]
    public async Task A_vault_that_cannot_be_reached_is_a_finding()
    {
        Strike(FaultKind.Refuse);
        (await _desk.VerifyAsync(Somebody)).ShouldFail("vault", "does not answer", "network");
    }

    [Fact]
    public async Task A_page_in_place_of_the_vault_is_told_as_what_it_is()
    {
        Strike(FaultKind.Html);
        (await _desk.VerifyAsync(Somebody)).ShouldFail("vault", "is no Key Vault", "URL");
    }

    [Fact]
    public async Task A_server_that_asks_for_the_token_of_another_service_is_no_vault()
    {
        _desk.Simulator.Faults.Add(new Fault
        {
            Service = Service.Vault, Kind = FaultKind.Status, Status = 401,
            Headers = new Dictionary<string, string> { ["WWW-Authenticate"] = $"Bearer authorization=\"{_desk.Simulator.EntraUrl.OriginalString}/x\", resource=\"https://storage.example.com\"" },
        });
        (await _desk.VerifyAsync(Somebody)).ShouldFail("vault", "is no Key Vault", "URL");
    }

    [Fact]
    public async Task An_authority_that_is_not_known_here_is_told_as_that_and_not_tried_again()
    {
        _desk.Settings.Remove("Tls__CaFile");
        (await _desk.VerifyAsync(Somebody)).ShouldFail("vault", "certificate", "--ca-file");
    }

    [Fact]
    public async Task A_certificate_that_has_run_out_is_told_from_one_that_is_not_trusted()
    {
        Strike(FaultKind.ExpiredCertificate);
        (await _desk.VerifyAsync(Somebody)).ShouldFail("vault", "has run out", "clock");
    }

    [Fact]
    public async Task A_secret_that_is_not_there_is_a_finding() =>
        (await _desk.VerifyAsync(Somebody)).ShouldFail("secret", $"There is no {Desk.SecretName(Somebody)}", "broker onboard");

    [Fact]
    public async Task Whoever_may_not_see_deleted_secrets_is_told_what_is_not_known()
    {
        _desk.Simulator.Faults.Add(new Fault { Service = Service.Vault, Path = "^/deletedsecrets/", Kind = FaultKind.Status, Status = 403, Body = "{}" });
        (await _desk.VerifyAsync(Somebody)).ShouldFail("vault", "whether one was deleted", "role");
    }

    [Fact]
    public async Task A_secret_that_is_disabled_is_a_finding()
    {
        var user = _desk.Onboarded();
        _desk.Simulator.Vault.SetEnabled(Desk.SecretName(user.TechnicianEmail), false);
        (await _desk.VerifyAsync(user.TechnicianEmail)).ShouldFail("secret", "disabled", "--enabled true");
    }

    [Fact]
    public async Task A_secret_that_was_deleted_is_a_finding()
    {
        var user = _desk.Onboarded();
        _desk.Simulator.Vault.SetDeleted(Desk.SecretName(user.TechnicianEmail), true);
        (await _desk.VerifyAsync(user.TechnicianEmail)).ShouldFail("secret", "deleted", "secret recover");
    }

    [Theory]
    [InlineData("FAKE-not-json", "not JSON")]
    [InlineData("""{"kind":"cloud","refresh_token":"FAKE-not-json"}""", "\"client_id\" is missing")]
    [InlineData("""{"kind":"other","client_secret":"FAKE-not-json"}""", "a kind that this broker does not serve")]
    public async Task What_is_no_credential_is_told_without_a_word_of_it(string value, string why)
    {
        _desk.KeepSecret("FAKE-not-json");
        _desk.Simulator.Vault.SetSecret(Desk.SecretName(Somebody), value, UserVault.ContentType);
        (await _desk.VerifyAsync(Somebody)).ShouldFail("credential", why, "broker onboard");
    }

    [Fact]
    public async Task A_secret_that_was_made_by_hand_works_and_is_missed_by_lists()
    {
        var user = _desk.Onboarded();
        _desk.Simulator.Vault.SetSecret(Desk.SecretName(user.TechnicianEmail), user.Credential.ToJson());
        var report = await _desk.VerifyAsync(user.TechnicianEmail);
        report.ShouldBeWell();
        (report["content_type"].Verdict, report["tags"].Verdict).ShouldBe(("note", "note"));
        report["content_type"].Remedy.ShouldNotBeNull().ShouldContain("broker onboard");
    }

    [Fact]
    public async Task Tags_that_tell_something_else_than_the_credential_are_named()
    {
        var user = _desk.Onboarded();
        var name = Desk.SecretName(user.TechnicianEmail);
        var tags = new Dictionary<string, string>(_desk.Simulator.Vault.Versions(name)[^1].Tags) { ["portal"] = "elsewhere", ["scopes"] = "requests=R" };
        _desk.Simulator.Vault.SetSecret(name, user.Credential.ToJson(), UserVault.ContentType, tags);
        var report = await _desk.VerifyAsync(user.TechnicianEmail);
        report.ShouldBeWell();
        var told = report.Findings.Where(found => found.Check == "tags").ToList();
        told.ShouldAllBe(found => found.Verdict == "note" && found.Remedy != null);
        told[0].Text.ShouldContain("portal is \"elsewhere\" and should be \"itdesk\"");
        told[1].Text.ShouldContain("requests=R;");
    }

    [Fact]
    public async Task A_vault_that_lets_nobody_write_the_tag_is_a_note()
    {
        var user = _desk.Onboarded();
        _desk.Simulator.Faults.Add(new Fault { Service = Service.Vault, Method = "PATCH", Kind = FaultKind.Status, Status = 403, Body = "{}" });
        var report = await _desk.VerifyAsync(user.TechnicianEmail);
        report.ShouldBeWell();
        report["record"].Verdict.ShouldBe("note");
        report["record"].Text.ShouldContain("not permitted");
    }

    private void Strike(FaultKind kind, int? status = null, string? body = null) =>
        _desk.Simulator.Faults.Add(new Fault { Service = Service.Vault, Kind = kind, Status = status, Body = body });
}

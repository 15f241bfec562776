using Sidecar.Simulator;

namespace Sidecar.Tests.Onboarding;

/// <summary><c>broker verify</c> of a technician on premises.</summary>
public sealed class VerifyOnPremTests : IAsyncLifetime
{
    private Desk _desk = null!;

    public async ValueTask InitializeAsync() => _desk = await Desk.SetAsync();

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    private Instance Premises => _desk.Simulator.Instances["premises"];

    [Fact]
    public async Task A_technician_who_is_well_is_told_so()
    {
        var user = _desk.OnboardedOnPrem();
        var report = await _desk.VerifyAsync(user.TechnicianEmail);
        report.ShouldBeWell();
        report["key"].Verdict.ShouldBe("good");
        report["identity"].Verdict.ShouldBe("note", "an instance on premises does not tell");
        report.Findings.Where(found => found.Check == "access").Select(found => found.Text).ShouldBe(["/requests can be read.", "/statuses can be read.", "/technicians can be read."]);
        _desk.Tags(user.TechnicianEmail).Verified.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_key_that_is_refused_is_found_and_costs_few_tries()
    {
        var user = _desk.OnboardedOnPrem(credential => credential with { TechnicianKey = "FAKE-0000-0000-0000" });
        (await _desk.VerifyAsync(user.TechnicianEmail)).ShouldFail("key", "refuses the technician key", "--kind on-prem");
        _desk.Simulator.Journal.Since().Count(entry => entry.Service == Service.Sdp).ShouldBe(2, "fifteen a minute lock everybody out");
    }

    [Fact]
    public async Task A_lock_says_nothing_about_the_key()
    {
        var user = _desk.OnboardedOnPrem();
        Premises.Switches = Premises.Switches with { KeyFailures = 0 };
        (await _desk.VerifyAsync(user.TechnicianEmail)).ShouldFail("instance", "too many calls", "Wait a few minutes");
    }

    [Fact]
    public async Task A_portal_that_is_not_the_technicians_is_found_though_the_key_is_taken()
    {
        var user = _desk.OnboardedOnPrem(credential => credential with { Portal = "77" });
        var report = await _desk.VerifyAsync(user.TechnicianEmail);
        report.ExitCode.ShouldBe(1);
        report["key"].Verdict.ShouldBe("good");
        report.Bad.Distinct().ShouldBe(["access"]);
        report.Findings.ShouldContain(new Found("access", "bad", "The technician may not read /requests in portal 77.", "Check the technician's role, and that the portal's id is one of theirs."));
    }

    [Fact]
    public async Task A_page_for_people_is_not_taken_for_a_refused_key()
    {
        var user = _desk.OnboardedOnPrem();
        _desk.Simulator.Faults.Add(new Fault { Service = Service.Sdp, Kind = FaultKind.Html });
        (await _desk.VerifyAsync(user.TechnicianEmail)).ShouldFail("instance", "an HTML page", "base_url");
    }

    [Fact]
    public async Task A_certificate_that_is_not_believed_is_found()
    {
        var user = _desk.OnboardedOnPrem();
        _desk.Simulator.Faults.Add(new Fault { Service = Service.Sdp, Kind = FaultKind.ExpiredCertificate });
        (await _desk.VerifyAsync(user.TechnicianEmail)).ShouldFail("instance", "certificate", "--ca-file");
    }
}

using System.Net;
using Shouldly;
using Sidecar.Shim.Access;
using Sidecar.Simulator;
using Xunit;

namespace Sidecar.Tests.Unit.Shim.Entra;

/// <summary>Entra is away, rolls its keys over, or says what it should not.</summary>
public sealed class BadDayTests : IAsyncLifetime
{
    private readonly EntraStage _stage = new();

    public ValueTask InitializeAsync() => _stage.InitializeAsync();

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task Without_Entra_the_shim_starts_and_keys_open_it_and_a_token_is_told_to_wait()
    {
        _stage.Simulator.Faults.Add(new Fault { Service = Service.Entra, Kind = FaultKind.Refuse });
        var (key, log) = (ApiKey.Generate(), new LogLines());
        await using var shim = await RunningShim.StartAsync(log, [.. _stage.Settings(FrontDoorTests.Key("laptop", key)), ("Logging:LogLevel:Default", "Information")]);
        (await EntraStage.AskAsync(shim, key)).Status.ShouldBe(HttpStatusCode.OK);
        var reply = await EntraStage.AskAsync(shim, _stage.Token());
        reply.Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        reply.Body.ShouldContain("cannot be checked");
        reply.Headers.ShouldContain("Retry-After: 15");
        reply.Challenge.ShouldBeEmpty("a client that signs in anew would get no further");
        log.All.ShouldContain(line => line.Contains("Entra ID's keys cannot be read: the connection failed", StringComparison.Ordinal));

        using var alive = await shim.Http.GetAsync(new Uri("/healthz", UriKind.Relative), TestContext.Current.CancellationToken);
        alive.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("""{"issuer":"https://login.microsoftonline.com/00000000-0000-0000-0000-000000000001/v2.0","jwks_uri":"URL/keys"}""", "another issuer")]
    [InlineData("""{"issuer":"ISSUER","jwks_uri":"https://evil.example/keys"}""", "another place")]
    [InlineData("""{"issuer":"ISSUER","jwks_uri":"http://localhost/keys"}""", "another place")]
    [InlineData("""{"issuer":"ISSUER"}""", "another place")]
    [InlineData("""["issuer"]""", "is not Entra ID")]
    [InlineData("<html>Sign in to the guest network</html>", "is not Entra ID")]
    public async Task Metadata_that_does_not_fit_the_settings_gives_no_keys(string metadata, string reason)
    {
        var body = metadata.Replace("ISSUER", $"{_stage.Simulator.EntraUrl.OriginalString}/{_stage.Tenant.TenantId}/v2.0", StringComparison.Ordinal)
            .Replace("URL", _stage.Simulator.EntraUrl.OriginalString, StringComparison.Ordinal);
        _stage.Simulator.Faults.Add(new Fault { Service = Service.Entra, Path = "openid-configuration$", Kind = FaultKind.Body, Body = body });
        var log = new LogLines();
        await using var shim = await RunningShim.StartAsync(log, _stage.Settings(("Logging:LogLevel:Default", "Information")));
        (await EntraStage.AskAsync(shim, _stage.Token())).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        log.All.ShouldContain(line => line.Contains(reason, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(FaultKind.Huge)]
    [InlineData(FaultKind.Html)]
    [InlineData(FaultKind.Garbage)]
    [InlineData(FaultKind.Truncate)]
    [InlineData(FaultKind.ExpiredCertificate)]
    public async Task An_answer_that_is_none_gives_no_keys(FaultKind kind)
    {
        _stage.Simulator.Faults.Add(new Fault { Service = Service.Entra, Path = kind == FaultKind.ExpiredCertificate ? null : "/keys$", Kind = kind });
        await using var shim = await _stage.StartShimAsync();
        (await EntraStage.AskAsync(shim, _stage.Token())).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task A_tenant_that_is_not_there_gives_no_keys()
    {
        await using var shim = await _stage.StartShimAsync(("Shim:Access:Entra:TenantId", Guid.NewGuid().ToString()));
        (await EntraStage.AskAsync(shim, _stage.Token())).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task A_storm_of_made_up_keys_makes_one_reading()
    {
        await using var shim = await _stage.StartShimAsync();
        (await EntraStage.AskAsync(shim, _stage.Token())).Status.ShouldBe(HttpStatusCode.OK);
        var replies = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => EntraStage.AskAsync(shim, _stage.Token(EntraTokenKind.UnknownKey))));
        replies.ShouldAllBe(reply => reply.Status == HttpStatusCode.Unauthorized);
        _stage.Simulator.Journal.Since(0).Count(entry => entry.Service == Service.Entra).ShouldBeLessThanOrEqualTo(4, "metadata and keys: at start, and once for a key that is not known");
    }
}

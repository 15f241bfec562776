using Shouldly;
using Sidecar.Broker.Tokens;
using Sidecar.Contract;
using Xunit;

namespace Sidecar.Tests.Unit.Broker;

/// <summary>What calls are made with while a credential is replaced by another.</summary>
public class RotationTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Calls_wait_for_the_token_of_the_new_credential()
    {
        var gate = new TaskCompletionSource();
        Rig? rig = null;
        using var made = rig = new Rig(zoho: async (sent, _) =>
        {
            if (sent.Body.Contains("refresh-v2", StringComparison.Ordinal)) await gate.Task;
            return rig!.NewToken();
        });
        await rig.Tokens.GetAsync(Cancel);
        await rig.RotateAsync("v2");
        var call = rig.Tokens.GetAsync(Cancel);
        call.IsCompleted.ShouldBeFalse();
        gate.SetResult();
        (await call).Credential.Version.ShouldBe("v2");
    }

    [Fact]
    public async Task A_credential_of_another_instance_or_technician_is_never_answered_with_the_old_token()
    {
        using var rig = new Rig();
        await rig.Tokens.GetAsync(Cancel);
        await rig.RotateAsync("v2", "other.example.com");
        (await rig.Tokens.GetAsync(Cancel)).Credential.Version.ShouldBe("v2");
        rig.Source.Credential = rig.Source.Credential with { TechnicianEmail = "ben@example.com", Version = "v3" };
        await rig.Store.RefreshAsync(force: true, Cancel);
        (await rig.Tokens.GetAsync(Cancel)).Credential.Version.ShouldBe("v3");
    }

    [Fact]
    public async Task A_new_credential_that_is_refused_leaves_the_old_token_in_use_until_it_ends_and_is_told()
    {
        Rig? rig = null;
        using var made = rig = new Rig(zoho: (sent, _) => Task.FromResult(
            sent.Body.Contains("refresh-v2", StringComparison.Ordinal) ? Wire.Json("""{"error":"invalid_code"}""") : rig!.NewToken()));
        var old = await rig.Tokens.GetAsync(Cancel);
        await rig.RotateAsync("v2");
        await rig.Tokens.RenewAheadAsync(Cancel);
        (await rig.Tokens.GetAsync(Cancel)).ShouldBe(old);
        rig.Tokens.Status.State.ShouldBe(TokenState.Valid);
        rig.Tokens.Status.Problem.ShouldNotBeNull().ShouldContain("refuses the credential");

        rig.Clock.Advance(TimeSpan.FromMinutes(59.6));
        (await Should.ThrowAsync<TokenException>(() => rig.Tokens.GetAsync(Cancel))).State.ShouldBe(TokenState.Refused);
        rig.Tokens.Status.State.ShouldBe(TokenState.Refused);
        rig.Zoho.Calls.Count.ShouldBe(2, "the old credential is not renewed any more");
    }

    [Fact]
    public async Task An_old_token_that_dies_while_the_new_one_is_awaited_is_not_used_again()
    {
        using var rig = new Rig();
        var old = await rig.Tokens.GetAsync(Cancel);
        await rig.RotateAsync("v2");
        (await rig.Tokens.RenewAsync(old, Cancel)).Credential.Version.ShouldBe("v2");
        (await rig.Tokens.GetAsync(Cancel)).Credential.Version.ShouldBe("v2");
    }

    [Fact]
    public async Task A_call_that_dies_of_a_rotation_reads_the_new_credential_and_succeeds()
    {
        Rig? rig = null;
        using var made = rig = new Rig(
            sdp: (sent, _) => Task.FromResult(Wire.Json(sent.Authorization!.EndsWith("token-1", StringComparison.Ordinal) ? "{}" : Rig.Ok, sent.Authorization.EndsWith("token-1", StringComparison.Ordinal) ? 401 : 200)));
        await rig.Tokens.GetAsync(Cancel);
        rig.Clock.Advance(TimeSpan.FromSeconds(3));
        rig.Source.Credential = HeldCredential.Version("v2");
        await rig.Client.SendAsync(HttpMethod.Get, "/requests", [], Cancel);
        rig.Zoho.Calls.Last().Body.ShouldContain("refresh-v2");
        rig.Zoho.Calls.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_renewal_that_is_refused_looks_for_a_new_credential_before_it_fails_a_call()
    {
        Rig? rig = null;
        using var made = rig = new Rig(zoho: (sent, _) => Task.FromResult(
            sent.Body.Contains("refresh-v1", StringComparison.Ordinal) ? Wire.Json("""{"error":"invalid_code"}""") : rig!.NewToken()));
        rig.Source.Credential = HeldCredential.Version("v2");
        (await rig.Tokens.GetAsync(Cancel)).Credential.Version.ShouldBe("v2");
    }
}

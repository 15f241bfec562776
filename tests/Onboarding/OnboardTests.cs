namespace Sidecar.Tests.Onboarding;

/// <summary><c>broker onboard</c> with a credential at hand.</summary>
public sealed class OnboardTests : IAsyncLifetime
{
    private Desk _desk = null!;

    public async ValueTask InitializeAsync() => _desk = await Desk.SetAsync();

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact]
    public async Task Everything_that_is_wrong_with_the_command_line_is_told_at_once()
    {
        var ran = await _desk.RunAsync(["onboard", "nobody", "--timeout", "0"]);
        ran.ExitCode.ShouldNotBe(0);
        ran.Output.ShouldContain("\"nobody\" is not an e-mail address");
    }
}

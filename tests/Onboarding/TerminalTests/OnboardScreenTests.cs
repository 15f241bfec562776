using Sidecar.Simulator;

namespace Sidecar.Tests.Onboarding.TerminalTests;

/// <summary><c>broker onboard</c> as a person at a terminal sees it.</summary>
public sealed class OnboardScreenTests : IAsyncLifetime
{
    private const string Spinner = @"[\u2800-\u28FF]";

    private Desk _desk = null!;
    private SimulatedClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _desk = await Desk.SetAsync();
        _client = _desk.AddClient(ClientKind.Self);
    }

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact]
    public async Task Each_step_leaves_one_line_with_a_tick_and_no_secret_leaves_anything()
    {
        var code = Code();
        await using var terminal = _desk.Sit(Onboard);
        await terminal.AnswerAsync("client secret (not shown):", $"{_client.ClientSecret}\r");
        await terminal.AnswerAsync("code (not shown):", $"{code}\r");
        await terminal.WaitAsync(screen => screen.Aside.Contains("Press Enter", StringComparison.Ordinal));
        var key = Key(terminal);
        terminal.Type("\r");
        (await terminal.EndAsync()).ShouldBe(0, terminal.Raw);

        terminal.Raw.ShouldMatch(Spinner, "a spinner turned");
        terminal.Remains.ShouldNotMatch(Spinner);
        var ticks = terminal.Remains.Split('\n').Where(line => line.StartsWith('✓')).ToList();
        ticks.ShouldBeUnique();
        ticks[0].ShouldEndWith("yet");
        ticks.ShouldContain("✓ Showed the configuration of the user's AI client");
        ticks[^1].ShouldBe("✓ All is in place");
        terminal.See(screen => screen.HasColours).ShouldBeTrue();
        foreach (var secret in new[] { _client.ClientSecret, code }) terminal.Raw.ShouldNotContain(secret, customMessage: "nothing is echoed");
        key.ShouldNotBeEmpty();
        terminal.Remains.ShouldNotContain(key, customMessage: "it was on the alternate screen");
    }

    [Fact]
    public async Task What_is_pasted_before_it_is_asked_for_is_not_shown_either()
    {
        var code = Code();
        _desk.Simulator.Faults.Add(new Fault { Service = Service.Vault, Kind = FaultKind.Delay, DelayMs = 1500, Times = 1 });
        await using var terminal = _desk.Sit(Onboard);
        await terminal.AnswerAsync($"Onboarding {_desk.User}", $"{_client.ClientSecret}\r{code}\r");
        await terminal.WaitAsync(screen => screen.Aside.Contains("Press Enter", StringComparison.Ordinal));
        terminal.Type("\r");
        (await terminal.EndAsync()).ShouldBe(0, terminal.Raw);
        foreach (var secret in new[] { _client.ClientSecret, code }) terminal.Raw.ShouldNotContain(secret);
    }

    [Fact]
    public async Task Ctrl_C_at_a_question_ends_it_with_a_word_and_leaves_the_terminal_as_it_was()
    {
        await using var terminal = _desk.Sit(Onboard);
        await terminal.AnswerAsync("client secret (not shown):", $"{_client.ClientSecret[..8]}{PseudoTerminal.Interrupt}");
        (await terminal.EndAsync()).ShouldBe(1, terminal.Raw);
        terminal.Remains.ShouldContain("✗ Interrupted.\nNothing was changed.\nNext: ");
        terminal.Raw.ShouldNotContain(_client.ClientSecret[..8]);
    }

    [Fact]
    public async Task Ctrl_C_under_a_spinner_ends_the_spinner_too()
    {
        _desk.Simulator.Faults.Add(new Fault { Service = Service.Vault, Kind = FaultKind.Hang });
        await using var terminal = _desk.Sit(Onboard);
        await terminal.AnswerAsync("Looking into the vault", PseudoTerminal.Interrupt);
        (await terminal.EndAsync()).ShouldBe(1, terminal.Raw);
        terminal.Remains.ShouldNotMatch(Spinner);
        terminal.Remains.ShouldContain("✗ Looking into the vault\n\n✗ Interrupted.\nNothing was changed.");
    }

    [Fact]
    public async Task Ctrl_C_while_the_key_is_shown_takes_it_off_the_screen()
    {
        var code = Code();
        await using var terminal = _desk.Sit(Onboard);
        await terminal.AnswerAsync("client secret (not shown):", $"{_client.ClientSecret}\r");
        await terminal.AnswerAsync("code (not shown):", $"{code}\r");
        await terminal.WaitAsync(screen => screen.Aside.Contains("Press Enter", StringComparison.Ordinal));
        terminal.Type(PseudoTerminal.Interrupt);
        (await terminal.EndAsync()).ShouldBe(1, terminal.Raw);
        terminal.Remains.ShouldNotContain(Key(terminal));
        terminal.Remains.ShouldContain("Interrupted.");
        terminal.Remains.ShouldContain("was written", customMessage: "the secret is in the vault by then");
    }

    [Fact]
    public async Task A_window_closed_before_the_grant_is_stored_leaves_no_grant()
    {
        var code = Code();
        _desk.Simulator.Faults.Add(new Fault { Service = Service.Vault, Method = "PUT", Kind = FaultKind.Hang });
        await using var terminal = _desk.Sit(Onboard);
        await terminal.AnswerAsync("client secret (not shown):", $"{_client.ClientSecret}\r");
        await terminal.AnswerAsync("code (not shown):", $"{code}\r");
        await terminal.WaitAsync("Writing the secret");
        terminal.Close();
        for (var waited = 0; Grant() is not { Revoked: true } && waited < 600; waited++) await Task.Delay(100, TestContext.Current.CancellationToken);
        Grant().Revoked.ShouldBeTrue();

        IssuedRefreshToken Grant() => _desk.Simulator.Accounts.RefreshTokens.Single(token => token.ClientId == _client.ClientId);
    }

    [Fact]
    public async Task Lines_to_copy_are_not_broken_however_narrow_the_terminal()
    {
        await using var terminal = _desk.Sit(["onboard", _desk.User, .. _desk.Place, "--dry-run", "--users", _desk.Overlays], columns: 50);
        (await terminal.EndAsync()).ShouldBe(0, terminal.Raw);
        terminal.Raw.Split("\r\n").ShouldContain($"  {string.Join(',', _desk.AllScopes)}");
    }

    [Fact]
    public async Task Where_the_output_is_no_terminal_nothing_is_asked_that_the_keyboard_would_show()
    {
        var file = _desk.Stage.Folder.File("output");
        await using (var terminal = _desk.Sit(Onboard, $"> {file}"))
            (await terminal.EndAsync()).ShouldBe(1, terminal.Raw);
        var written = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        written.ShouldContain("nowhere to ask for the client secret");
        written.ShouldNotContain("\e");

        await using var pasted = _desk.Sit(["onboard", _desk.User, "--credential", "-", "--users", _desk.Overlays]);
        (await pasted.EndAsync()).ShouldBe(1, pasted.Raw);
        pasted.Remains.ShouldContain("Standard input is a terminal");
    }

    [Fact]
    public async Task Without_colours_there_are_none()
    {
        await using var terminal = _desk.Sit(["onboard", _desk.User, .. _desk.Place, "--dry-run", "--users", _desk.Overlays], settings: ("NO_COLOR", "1"));
        (await terminal.EndAsync()).ShouldBe(0, terminal.Raw);
        terminal.Remains.ShouldContain("✓");
        terminal.See(screen => screen.HasColours).ShouldBeFalse(terminal.Raw);
    }

    private static string Key(PseudoTerminal terminal) => System.Text.RegularExpressions.Regex.Match(terminal.See(screen => screen.Aside), "X-API-Key\": \"([^\"]{20,})\"").Groups[1].Value;

    private string[] Onboard =>
        ["onboard", _desk.User, .. _desk.Place, "--toolsets", "requests", "--read-only", "--grant", "SelfClient", "--client-id", _client.ClientId, "--users", _desk.Overlays];

    private string Code()
    {
        var code = _desk.Simulator.AddCode(_client.ClientId, new CodeWish { Scopes = ["SDPOnDemand.requests.READ", "AaaServer.profile.READ"], Email = _desk.User });
        _desk.KeepSecret(code);
        return code;
    }
}

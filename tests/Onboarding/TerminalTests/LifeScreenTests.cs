using System.Text.RegularExpressions;
using Sidecar.Broker.Onboarding.Vault;
using Sidecar.Simulator;

namespace Sidecar.Tests.Onboarding.TerminalTests;

/// <summary>The commands about users that are there, as a person at a terminal sees them.</summary>
public sealed class LifeScreenTests : IAsyncLifetime
{
    private Desk _desk = null!;
    private SimulatedUser _user = null!;

    public async ValueTask InitializeAsync()
    {
        _desk = await Desk.SetAsync();
        _user = _desk.Simulator.AddUser();
        _desk.KeepSecret(_user.Credential.ClientSecret);
    }

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact]
    public async Task The_time_that_brokers_have_is_a_bar_that_is_gone_in_the_end()
    {
        await OnboardAsync();
        var client = _desk.AddClient(ClientKind.Self);
        var code = _desk.Simulator.AddCode(client.ClientId, new CodeWish { Scopes = _desk.AllScopes, Email = _desk.User });
        _desk.KeepSecret(code);
        await using var terminal = _desk.Sit(["rotate", _desk.User, "--grant", "SelfClient", "--client-id", client.ClientId, "--grace", "2"]);
        await terminal.AnswerAsync("client secret (not shown):", $"{client.ClientSecret}\r");
        await terminal.AnswerAsync("code (not shown):", $"{code}\r");
        await terminal.WaitAsync(screen => screen.Remains.Contains("Leaving running brokers", StringComparison.Ordinal) && screen.Remains.Contains('━', StringComparison.Ordinal));
        (await terminal.EndAsync()).ShouldBe(0, terminal.Raw);
        terminal.Remains.ShouldNotContain("━");
        terminal.Remains.ShouldContain("✓ Revoked a grant at localhost");
        terminal.Remains.ShouldContain("✓ All is in place");
    }

    [Fact]
    public async Task Ctrl_C_while_brokers_have_their_time_leaves_both_credentials_good_and_says_what_is_done()
    {
        await OnboardAsync();
        var client = _desk.AddClient(ClientKind.Self);
        var code = _desk.Simulator.AddCode(client.ClientId, new CodeWish { Scopes = _desk.AllScopes, Email = _desk.User });
        _desk.KeepSecret(code);
        await using var terminal = _desk.Sit(["rotate", _desk.User, "--grant", "SelfClient", "--client-id", client.ClientId, "--grace", "600"]);
        await terminal.AnswerAsync("client secret (not shown):", $"{client.ClientSecret}\r");
        await terminal.AnswerAsync("code (not shown):", $"{code}\r");
        await terminal.AnswerAsync("Leaving running brokers", PseudoTerminal.Interrupt);
        (await terminal.EndAsync()).ShouldBe(1, terminal.Raw);
        terminal.Remains.ShouldContain("✗ Interrupted.");
        terminal.Remains.ShouldNotContain("Nothing was changed");
        _desk.Simulator.Accounts.RefreshTokens.ShouldAllBe(token => !token.Revoked);
    }

    [Theory]
    [InlineData("n\r")]
    [InlineData("\r")]
    public async Task Nobody_is_offboarded_who_is_not_meant(string answer)
    {
        await OnboardAsync();
        await using var terminal = _desk.Sit(["offboard", _desk.User, "--users", _desk.Overlays]);
        await terminal.AnswerAsync($"End everything that acts for {_desk.User}?", answer);
        (await terminal.EndAsync()).ShouldBe(1, terminal.Raw);
        terminal.Remains.ShouldContain("✗ Nobody said yes.\nNothing was changed.");
        _desk.Simulator.Vault.Versions(Desk.SecretName(_desk.User)).ShouldHaveSingleItem().Enabled.ShouldBeTrue();
    }

    [Fact]
    public async Task A_yes_offboards()
    {
        await OnboardAsync();
        await using var terminal = _desk.Sit(["offboard", _desk.User, "--users", _desk.Overlays]);
        await terminal.AnswerAsync($"End everything that acts for {_desk.User}?", "y\r");
        (await terminal.EndAsync()).ShouldBe(0, terminal.Raw);
        terminal.Remains.ShouldContain("✓ Revoked a grant at localhost");
        terminal.Remains.ShouldContain($"acts for {_desk.User} any more");
    }

    [Theory]
    [InlineData(60)]
    [InlineData(100)]
    [InlineData(200)]
    public async Task The_list_fits_the_window_and_a_tag_commands_nothing_whatever_it_says(int columns)
    {
        Add("anna@example.com", "[red]x[/]", "itdesk");
        Add("ben@example.com", "\e[2J\e]0;owned\a\u202Eevil\u200F", "[/]");
        Add("carl-with-a-long-name@subsidiary.example.com", "requests", "\u009B31m[link=https://example.com]portal[/]");
        await using var terminal = _desk.Sit(["list"], columns: columns);
        (await terminal.EndAsync()).ShouldBe(0, terminal.Raw);

        var written = terminal.Raw[..terminal.Raw.LastIndexOf("speed ", StringComparison.Ordinal)];
        foreach (var mark in new[] { "\u202E", "\u200F", "\u009B", "\e[2J", "\e]", "\a" }) written.Contains(mark, StringComparison.Ordinal).ShouldBeFalse($"U+{(int)mark[^1]:X4} is not sent");
        // After the spinner, which goes back in its line.
        var list = Regex.Replace(written[(written.LastIndexOf("\e[?25h", StringComparison.Ordinal) + 6)..], @"\e\[[?0-9;]*[A-Za-z]", "").Replace("\r\n", "\n", StringComparison.Ordinal);
        list.Split('\n').ShouldAllBe(line => line.Length <= columns);
        foreach (var whole in new[] { "anna@example.com", "carl-with-a-long-name@subsidiary.example.com", "[red]x[/]" }) list.ShouldContain(whole);
        list.Contains('╭', StringComparison.Ordinal).ShouldBe(columns == 200, "a table, if it fits");
    }

    [Fact]
    public async Task Of_a_result_that_goes_to_a_program_the_person_still_sees_the_words_and_the_program_none_of_them()
    {
        await OnboardAsync();
        var file = _desk.Stage.Folder.File("findings.json");
        await using var terminal = _desk.Sit(["verify", _desk.User, "--json"], $"> {file}");
        (await terminal.EndAsync()).ShouldBe(0, terminal.Raw);
        terminal.Remains.ShouldContain("✓ ");
        terminal.Remains.ShouldContain("is well");
        using var json = System.Text.Json.JsonDocument.Parse(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken));

        var words = _desk.Stage.Folder.File("words");
        await using var other = _desk.Sit(["verify", _desk.User, "--json"], $"2> {words}");
        (await other.EndAsync()).ShouldBe(0, other.Raw);
        (await File.ReadAllTextAsync(words, TestContext.Current.CancellationToken)).ShouldNotContain("\e");
    }

    [Fact]
    public async Task Without_a_terminal_there_are_plain_lines_and_no_command_to_one_in_CI_neither()
    {
        _desk.Settings["GITHUB_ACTIONS"] = "true";
        _desk.Settings["TERM"] = "xterm-256color";
        List<Ran> runs = [await OnboardAsync()];
        foreach (string[] command in (string[][])[["verify", _desk.User], ["list"], ["rotate", _desk.User, "--dry-run"], ["offboard", _desk.User, "--yes", "--users", _desk.Overlays], ["verify", _desk.User]])
            runs.Add(await _desk.RunAsync(command));
        runs.Select(ran => ran.ExitCode).ShouldBe([0, 0, 0, 0, 0, 1]);
        foreach (var ran in runs) ran.Output.ShouldNotContain("\e");
        runs[0].Output.ShouldContain("ok   All is in place");
        runs[0].Output.ShouldNotContain("Looking into the vault", customMessage: "a step is one line, written when it is done");
        runs[^1].Output.ShouldContain("FAIL ");
    }

    private async Task<Ran> OnboardAsync()
    {
        var ran = await _desk.RunAsync(["onboard", _desk.User, "--credential", "-", "--users", _desk.Overlays], _user.Credential.ToJson());
        ran.ExitCode.ShouldBe(0, ran.Output);
        return ran;
    }

    private void Add(string email, string toolsets, string portal)
    {
        var tags = new Dictionary<string, string> { ["user"] = email, ["kind"] = "cloud", ["data-centre"] = "eu", ["portal"] = portal, ["toolsets"] = toolsets, ["access"] = "write" };
        _desk.Simulator.Vault.SetSecret(Desk.SecretName(email), "FAKE-never-read", UserVault.ContentType, tags);
    }
}

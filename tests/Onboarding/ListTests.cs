using System.Text.Json;
using Sidecar.Broker.Onboarding.Vault;
using Sidecar.Simulator;

namespace Sidecar.Tests.Onboarding;

/// <summary><c>broker list</c>.</summary>
public sealed class ListTests : IAsyncLifetime
{
    private Desk _desk = null!;

    public async ValueTask InitializeAsync() => _desk = await Desk.SetAsync();

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact]
    public async Task An_empty_vault_says_so()
    {
        _desk.Simulator.Vault.SetSecret("sdp-of-somebody-else", "FAKE", "text/plain");
        var ran = await _desk.RunAsync(["list"]);
        ran.ExitCode.ShouldBe(0, ran.Output);
        ran.Output.ShouldContain("holds no user");
        (await ListAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Users_stand_in_columns_by_name_and_no_secret_is_read()
    {
        Add("zoe@example.com", toolsets: "people,requests", access: "read");
        Add("anna@example.com", verified: "2026-01-02T03:04:05Z");
        _desk.OnboardedOnPrem();
        _desk.Simulator.Vault.SetEnabled(Desk.SecretName("zoe@example.com"), false);
        _desk.Simulator.Vault.SetSecret("sdp-untold", "FAKE", UserVault.ContentType);

        var ran = await _desk.RunAsync(["list"]);
        ran.ExitCode.ShouldBe(0, ran.Output);
        var rows = ran.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        rows.Length.ShouldBe(5, ran.Output);
        rows[0].ShouldStartWith("USER");
        rows.Skip(1).Select(row => row.Split(' ')[0]).ShouldBe(rows.Skip(1).Select(row => row.Split(' ')[0]).Order(StringComparer.OrdinalIgnoreCase));
        foreach (var (column, cell) in new[] { ("DATA CENTRE", "custom"), ("PORTAL", "itdesk"), ("TOOLSETS", "people,requests"), ("ACCESS", "read"), ("VERIFIED", "never"), ("STATE", "disabled") })
            Row("zoe@example.com")[rows[0].IndexOf(column, StringComparison.Ordinal)..].ShouldStartWith($"{cell}", customMessage: ran.Output);
        Row("anna@example.com").ShouldEndWith("days ago  enabled");
        Row("anna@example.com").ShouldContain(_desk.Simulator.Vault.Versions(Desk.SecretName("anna@example.com"))[^1].Id[..8]);
        ran.Output.ShouldContain("on premises");
        Row("sdp-untold").ShouldContain("?");
        NoSecretWasRead();

        string Row(string name) => rows.Single(row => row.StartsWith(name, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Programs_read_all_of_it_as_json()
    {
        Add("zoe@example.com", toolsets: "people,requests", access: "read", verified: "2026-01-02T03:04:05Z");
        _desk.Simulator.Vault.SetSecret("sdp-untold", "FAKE", UserVault.ContentType);
        _desk.Simulator.Clock.Advance(TimeSpan.FromMinutes(1));
        Add("zoe@example.com", toolsets: "people,requests", access: "read", verified: "2026-01-02T03:04:05Z");

        var users = await ListAsync();
        users.Select(user => user.GetProperty("secret").GetString()).ShouldBe(["sdp-untold", Desk.SecretName("zoe@example.com")]);
        users[0].GetProperty("user").ValueKind.ShouldBe(JsonValueKind.Null);
        var zoe = users[1];
        zoe.GetProperty("user").GetString().ShouldBe("zoe@example.com");
        zoe.GetProperty("toolsets").EnumerateArray().Select(toolset => toolset.GetString()).ShouldBe(["people", "requests"]);
        zoe.GetProperty("version").GetString().ShouldBe(_desk.Simulator.Vault.Versions(Desk.SecretName("zoe@example.com"))[^1].Id, "the latest of two");
        zoe.GetProperty("verified").GetString().ShouldBe("2026-01-02T03:04:05Z");
        zoe.GetProperty("enabled").GetBoolean().ShouldBeTrue();
        NoSecretWasRead();
    }

    [Fact]
    public async Task A_thousand_users_are_listed_within_the_limits_of_the_vault()
    {
        foreach (var number in Enumerable.Range(0, 1000)) Add($"user{number:000}@example.com");
        var users = await ListAsync();
        users.Select(user => user.GetProperty("user").GetString()).ShouldBe(Enumerable.Range(0, 1000).Select(number => $"user{number:000}@example.com"));
        users.ShouldAllBe(user => user.GetProperty("version").GetString()!.Length == 32);
        _desk.Simulator.Journal.Since().ShouldNotContain(entry => entry.Status == 429);
        NoSecretWasRead();
    }

    [Fact]
    public async Task A_pause_that_the_vault_asks_for_is_kept()
    {
        foreach (var number in Enumerable.Range(0, 20)) Add($"user{number}@example.com");
        _desk.Simulator.Vault.Switches = _desk.Simulator.Vault.Switches with { CallLimit = 12, LimitSeconds = 1 };
        (await ListAsync()).Count.ShouldBe(20);
        _desk.Simulator.Journal.Since().ShouldContain(entry => entry.Status == 429);
    }

    [Fact]
    public async Task What_a_tag_says_cannot_command_a_terminal()
    {
        Add("anna@example.com", toolsets: "\e[2Jpeople\nfaked@example.com");
        var ran = await _desk.RunAsync(["list"]);
        ran.Output.ShouldNotContain("\e");
        ran.Output.Split('\n').ShouldNotContain(line => line.StartsWith("faked", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_vault_that_permits_no_list_is_told()
    {
        _desk.Simulator.Faults.Add(new Fault { Service = Service.Vault, Kind = FaultKind.Status, Status = 403, Body = "{}" });
        var ran = await _desk.RunAsync(["list"]);
        ran.ExitCode.ShouldBe(1);
        ran.Output.ShouldContain("not permitted");
        ran.Output.ShouldContain("Key Vault Secrets Officer");
    }

    private void Add(string email, string toolsets = "", string access = "write", string verified = "")
    {
        var tags = new Dictionary<string, string> { ["user"] = email, ["kind"] = "cloud", ["data-centre"] = "custom", ["portal"] = "itdesk", ["toolsets"] = toolsets, ["access"] = access, ["verified"] = verified };
        _desk.Simulator.Vault.SetSecret(Desk.SecretName(email), "FAKE-never-read", UserVault.ContentType, tags.Where(tag => tag.Value.Length > 0).ToDictionary());
    }

    private async Task<List<JsonElement>> ListAsync()
    {
        var ran = await _desk.RunAsync(["list", "--json"]);
        ran.ExitCode.ShouldBe(0, ran.Output);
        using var document = JsonDocument.Parse(ran.Output.Split('\n').First(line => line.StartsWith('[')));
        return [.. document.RootElement.Clone().EnumerateArray()];
    }

    // The list itself, and lists of versions: nothing else may have been asked for.
    private void NoSecretWasRead() => _desk.Simulator.Journal.Since().Where(entry => entry.Service == Service.Vault)
        .ShouldAllBe(entry => entry.Method == "GET" && (entry.Path.TrimEnd('/') == "/secrets" || entry.Path.TrimEnd('/').EndsWith("/versions", StringComparison.Ordinal)));
}

using System.Diagnostics;
using Sidecar.Broker.Onboarding;
using Sidecar.Sandbox.Processes;
using Sidecar.Simulator;
using Sidecar.Tests.Harness;

namespace Sidecar.Tests.Onboarding.BulkTests;

/// <summary>A company's worth of users within the vault's documented limits, none lost and none twice, whatever happens in between.</summary>
public sealed class ManyUsersTests(ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);

    // A thousand take a minute and a half of two cores; the ordinary run has other things to do.
    private static readonly int Count = Stage.IsPublished ? 1000 : 200;

    private Desk _desk = null!;

    public async ValueTask InitializeAsync() => _desk = await Desk.SetAsync();

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact]
    public async Task A_list_cut_off_by_kill_is_completed_by_the_next_run_with_none_lost_and_none_twice()
    {
        var users = _desk.AddUsers(Count);
        var list = _desk.WriteList(users.Select(user => UserFile.Row(user)));
        var start = Stopwatch.StartNew();
        await using (var first = _desk.Start(_desk.Onboard(list)))
        {
            await UntilAsync(first, () => _desk.Creates() >= Count / 3);
            first.Kill();
            await first.WaitForExitAsync(TimeSpan.FromSeconds(60));
        }

        var (stored, killed) = (_desk.Creates(), start.Elapsed);
        stored.ShouldBeLessThan(Count, "it was to be killed in the middle");
        var ran = await RunAsync(_desk.Onboard(list, "--report", _desk.Stage.Folder.File("report.csv")));
        ran.ExitCode.ShouldBe(0, ran.Output);
        Print(start.Elapsed, $"killed after {killed.TotalSeconds:0.0} s with {stored} stored");

        _desk.ShouldHaveEach(users);
        _desk.Creates().ShouldBe(Count, "no credential was written twice");
        foreach (var user in users) File.Exists(Path.Combine(_desk.Overlays, UserName.From(user.TechnicianEmail)!.Slug, "kustomization.yaml")).ShouldBeTrue(user.TechnicianEmail);
        Calls(Service.Vault).Count(entry => entry.Status == 429).ShouldBe(0, "the limits are kept, not run into");
        // One each; those under way when it was killed were asked for once more.
        Calls(Service.Accounts).Count(entry => entry.Path == "/oauth/v2/token").ShouldBeInRange(Count, Count + 16);
        (await File.ReadAllLinesAsync(_desk.Stage.Folder.File("report.csv"), TestContext.Current.CancellationToken)).Length.ShouldBe(Count + 1);

        var before = _desk.Simulator.Journal.LastSeq;
        (await RunAsync(_desk.Onboard(list))).Output.ShouldContain($"{Count} unchanged");
        var calls = _desk.Simulator.Journal.Since(before);
        calls.ShouldAllBe(entry => entry.Service != Service.Accounts && entry.Service != Service.Sdp, "what was seen to work is not tried again");
        calls.ShouldAllBe(entry => entry.Service != Service.Vault || entry.Method == "GET", "nor written");
    }

    [Fact]
    public async Task A_vault_that_refuses_for_a_while_is_waited_for()
    {
        // A fifth of what the broker thinks it may: other programs use the vault as well.
        _desk.Simulator.Vault.Switches = new VaultSwitches { CreateLimit = 20, LimitSeconds = 3 };
        var users = _desk.AddUsers(60);
        var ran = await RunAsync(_desk.Onboard(_desk.WriteList(users.Select(user => UserFile.Row(user)))));
        ran.ExitCode.ShouldBe(0, ran.Output);
        _desk.ShouldHaveEach(users);
        var refused = Calls(Service.Vault).Where(entry => entry.Status == 429).ToList();
        refused.ShouldNotBeEmpty("or nothing was tested");
        // When one is refused the others under way may be, too; then all of them wait.
        refused.Count.ShouldBeLessThanOrEqualTo(8 * 4);
    }

    [Fact]
    public async Task An_interrupt_ends_the_rows_under_way_and_says_where_it_is()
    {
        var users = _desk.AddUsers(200);
        var list = _desk.WriteList(users.Select(user => UserFile.Row(user)));
        await using var process = _desk.Start(_desk.Onboard(list));
        await UntilAsync(process, () => _desk.Creates() >= 10);
        process.Terminate();
        (await process.WaitForExitAsync(TimeSpan.FromSeconds(60))).ShouldBe(1);
        process.Output.ShouldContain("Interrupted: ");
        var stored = users.Where(user => _desk.Simulator.Vault.Versions(Desk.SecretName(user.TechnicianEmail)).Count > 0).ToList();
        process.Output.ShouldContain($"{200 - stored.Count} rows not reached");
        process.Output.ShouldContain($"{stored.Count} added");
        _desk.ShouldHaveEach(stored);
    }

    private IEnumerable<JournalEntry> Calls(Service service) => _desk.Simulator.Journal.Since().Where(entry => entry.Service == service);

    private void Print(TimeSpan time, string note)
    {
        var calls = _desk.Simulator.Journal.Since().CountBy(entry => entry.Service).Select(count => $"{count.Key} {count.Value}");
        output.WriteLine($"{Count} users in {time.TotalSeconds:0.0} s ({note}); calls: {string.Join(", ", calls)}; secrets set {_desk.Creates()}.");
    }

    private async Task<Ran> RunAsync(string[] arguments)
    {
        await using var process = _desk.Start(arguments);
        return new Ran(await process.WaitForExitAsync(Patience), process.Output);
    }

    private static async Task UntilAsync(ChildProcess process, Func<bool> holds)
    {
        using var end = new CancellationTokenSource(Patience);
        while (!holds())
        {
            process.HasExited.ShouldBeFalse(process.Output);
            await Task.Delay(20, end.Token);
        }
    }
}

using Sidecar.Contract;
using Sidecar.Sandbox.Processes;
using Sidecar.Simulator;
using Sidecar.Tests.Harness;

namespace Sidecar.Tests.EndToEnd;

/// <summary>A broker that is ended and started again and again, with Tokens__CachePath: what its restarts cost Zoho.</summary>
public sealed class RestartTests : IAsyncLifetime
{
    private const int ZohosLimit = 10;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private Stage _stage = null!;
    private SimulatedUser _user = null!;
    private Dictionary<string, string> _settings = null!;

    private string CachePath => _settings["Tokens__CachePath"];

    public async ValueTask InitializeAsync()
    {
        _stage = await Stage.SetAsync();
        _user = _stage.Simulator.AddUser();
        _settings = _stage.FileSettings(_user);
        _settings["Tokens__CachePath"] = _stage.Folder.File("token.json");
        _settings["Broker__Listen"] = "http://127.0.0.1:0";
    }

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task A_hundred_restarts_at_any_moment_cost_at_most_ten_token_requests()
    {
        // Programs that are not published start so slowly that a hundred of them would take the time of all other tests.
        var restarts = Stage.IsPublished ? 100 : 15;
        const int seed = 20260701;
        var random = new Random(seed);
        FaultKind[] kinds = [FaultKind.Hang, FaultKind.Delay, FaultKind.Reset, FaultKind.ResetAfterHeaders, FaultKind.Truncate, FaultKind.Status];
        for (var restart = 0; restart < restarts; restart++)
        {
            // The first ones are killed over a request, so that there are some to count however slow the machine is. Towards
            // the end Zoho is well again; by that time the broker has hardly a request left.
            var isOverRequest = restart < 3;
            if (isOverRequest) _stage.Simulator.Faults.Add(new Fault { Service = Service.Accounts, Kind = FaultKind.Hang });
            else if (restart < restarts * 4 / 5)
            {
                _stage.Simulator.Faults.Add(new Fault
                {
                    Service = Service.Accounts, Kind = kinds[random.Next(kinds.Length)], After = random.Next(2) == 0, Status = 503, DelayMs = 200,
                });
            }

            if (isOverRequest) await AskAndDieAsync();
            else await LiveAsync(random);
            _stage.Simulator.Faults.Clear();
        }

        TokenCalls().ShouldBeInRange(3, ZohosLimit);
        File.GetUnixFileMode(CachePath).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        _stage.Simulator.Journal.Since().ShouldNotContain(entry => entry.Service == Service.Accounts && entry.Status == 400, "Zoho never had to refuse");
    }

    [Fact]
    public async Task A_request_whose_broker_is_killed_before_the_answer_counts()
    {
        _stage.Simulator.Faults.Add(new Fault { Service = Service.Accounts, Kind = FaultKind.Hang });
        for (var restart = 0; restart < 12; restart++)
        {
            if (TokenCalls() < 9)
            {
                await AskAndDieAsync();
                continue;
            }

            await using var broker = await StartAsync();
            await UntilAsync(async () => (await broker.WhoAmIAsync()).TokenState == TokenState.CoolingDown);
        }

        TokenCalls().ShouldBe(9);
    }

    [Fact]
    public async Task A_revoked_credential_costs_one_token_request_however_often_the_broker_restarts()
    {
        _stage.Simulator.Accounts.RevokeAll();
        await RestartAsync(10, TokenState.Refused);
        TokenCalls().ShouldBe(1);
    }

    [Fact]
    public async Task A_throttled_broker_keeps_its_pause_however_often_it_restarts()
    {
        _stage.Simulator.Accounts.Switches = new AccountsSwitches { ThrottleLimit = 0 };
        await RestartAsync(10, TokenState.CoolingDown);
        TokenCalls().ShouldBe(1);
    }

    [Fact]
    public async Task A_token_that_is_still_good_serves_the_next_broker_at_once()
    {
        await using (var first = await StartAsync())
        {
            await first.WaitUntilReadyAsync(Patience);
            first.Process.Kill();
            await first.Process.WaitForExitAsync(Patience);
        }

        _stage.Simulator.Faults.Add(new Fault { Service = Service.Accounts, Kind = FaultKind.Refuse });
        await using var second = await StartAsync();
        await second.WaitUntilReadyAsync(Patience);
        (await second.CallAsync<Contract.Sdp.RequestPage>("ListRequests", new Contract.Sdp.ListRequestsRequest())).Requests.ShouldNotBeEmpty();
        TokenCalls().ShouldBe(1);
    }

    [Fact]
    public async Task A_file_that_others_can_read_ends_the_broker_before_it_asks_for_anything()
    {
        await File.WriteAllTextAsync(CachePath, "{}", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(CachePath, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        var (exitCode, output) = await _stage.RunAsync(Stage.Programs.Broker, ["serve"], _settings);
        exitCode.ShouldBe(78, output);
        output.ShouldContain("Tokens__CachePath");
        output.ShouldContain("0600");
        TokenCalls().ShouldBe(0);
    }

    private async Task RestartAsync(int times, TokenState state)
    {
        for (var restart = 0; restart < times; restart++)
        {
            await using var broker = await StartAsync();
            await UntilAsync(async () => (await broker.WhoAmIAsync()).TokenState == state);
            if (restart % 2 == 0) broker.Process.Kill();
            else broker.Process.Terminate();
            await broker.Process.WaitForExitAsync(Patience);
        }
    }

    private async Task AskAndDieAsync()
    {
        var before = TokenCalls();
        await using var broker = await StartAsync();
        await UntilAsync(() => TokenCalls() > before);
        broker.Process.Kill();
        await broker.Process.WaitForExitAsync(Patience);
    }

    // A moment is a time after the start, or right after Zoho has a request, or once it serves.
    private async Task LiveAsync(Random random)
    {
        var before = TokenCalls();
        await using var process = ChildProcess.Start(Stage.Programs.Broker, ["serve"], _settings);
        var moment = random.Next(3);
        if (moment == 0) await Task.Delay(random.Next(300), TestContext.Current.CancellationToken);
        else await process.WaitForOutputAsync(line => line.Contains("Now listening", StringComparison.Ordinal) ? line : null, Patience);
        if (moment == 1)
        {
            // It may have a token, or none to ask for.
            for (var look = 0; look < 50 && TokenCalls() == before; look++) await Task.Delay(2, TestContext.Current.CancellationToken);
        }

        if (random.Next(2) == 0) process.Kill();
        else process.Terminate();
        await process.WaitForExitAsync(Patience);
    }

    private async Task<RunningBroker> StartAsync()
    {
        var (process, address) = await Pair.StartBrokerAsync(Stage.Programs, _settings, TestContext.Current.CancellationToken);
        return new RunningBroker(process, address);
    }

    private static Task UntilAsync(Func<bool> holds) => UntilAsync(() => Task.FromResult(holds()));

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var end = new CancellationTokenSource(Patience);
        while (!await holds())
        {
            end.IsCancellationRequested.ShouldBeFalse();
            await Task.Delay(5, CancellationToken.None);
        }
    }

    private int TokenCalls() => _stage.Simulator.Journal.Since().Count(entry => entry.Service == Service.Accounts);
}

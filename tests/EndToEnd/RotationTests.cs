using System.Collections.Concurrent;
using System.Text.Json;
using Sidecar.Contract.Sdp;
using Sidecar.Simulator;
using Sidecar.Tests.Harness;

namespace Sidecar.Tests.EndToEnd;

/// <summary>A new version of the credential in the vault while eight callers go on calling through the front door.</summary>
public sealed class RotationTests : IAsyncLifetime
{
    private const string Secret = "sdp-rotation";
    private const int Callers = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private Stage _stage = null!;
    private SimulatedUser _old = null!, _new = null!;

    public async ValueTask InitializeAsync()
    {
        _stage = await Stage.SetAsync();
        _stage.Instance.Switches = new InstanceSwitches { RateLimit = int.MaxValue };
        _old = _stage.Simulator.AddUser();
        _new = _stage.Simulator.AddUser();
    }

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task While_the_old_credential_stays_valid_no_call_fails()
    {
        await using var callers = await StartAsync(refreshInterval: "00:00:01");
        Store();
        await callers.UntilAllCallWithANewTokenAsync();
        callers.Failures.ShouldBeEmpty();
    }

    [Fact]
    public async Task When_the_old_credential_dies_before_the_new_one_is_taken_up_at_most_one_call_of_each_caller_fails()
    {
        // By the interval alone it would take minutes.
        await using var callers = await StartAsync(refreshInterval: "00:10:00");
        Store();
        await RevokeAsync();
        await callers.UntilAllCallWithANewTokenAsync();
        callers.AtMostOneFailureEach();
    }

    [Fact]
    public async Task When_the_old_credential_dies_before_there_is_a_new_one_at_most_one_call_of_each_caller_fails()
    {
        await using var callers = await StartAsync(refreshInterval: "00:10:00");
        var asked = TokenCalls();
        await RevokeAsync();
        await callers.UntilAsync(() => TokenCalls() > asked);
        Store();
        await callers.UntilAllCallWithANewTokenAsync();
        callers.AtMostOneFailureEach();
    }

    private void Store() => _stage.Simulator.Vault.SetSecret(Secret, _new.Credential.ToJson(), SimulatedCredential.ContentType);

    // At Zoho, as an administrator does it; its access tokens die with it.
    private async Task RevokeAsync()
    {
        using var client = new HttpClient(_stage.Simulator.CreateHandler());
        using var form = new FormUrlEncodedContent([new("token", _old.Credential.RefreshToken)]);
        using var answer = await client.PostAsync(new Uri(_stage.Simulator.AccountsUrl, "/oauth/v2/token/revoke"), form, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    private int TokenCalls() => _stage.Simulator.Journal.Since().Count(entry => entry.Service == Service.Accounts && entry.Path == "/oauth/v2/token");

    private async Task<RunningCallers> StartAsync(string refreshInterval)
    {
        var settings = _stage.VaultSettings(_old, Secret);
        settings["Credential__RefreshInterval"] = refreshInterval;
        var broker = await _stage.StartBrokerAsync(settings);
        var request = await broker.CallAsync<Request>("CreateRequest", new CreateRequestRequest { Subject = "Is read and written while the credential changes" });
        return await RunningCallers.StartAsync(_stage, await _stage.StartShimAsync(broker), request.Id);
    }

    private sealed class RunningCallers(Stage stage, RunningShim shim, string requestId) : IAsyncDisposable
    {
        private readonly CancellationTokenSource _end = new();
        private readonly int _tokens = stage.Simulator.Accounts.TokensMade;
        private readonly int[] _calls = new int[Callers];
        private Task _calling = Task.CompletedTask;
        private int _notes;

        public ConcurrentQueue<(int Caller, string What)> Failures { get; } = new();

        public static async Task<RunningCallers> StartAsync(Stage stage, RunningShim shim, string requestId)
        {
            var callers = new RunningCallers(stage, shim, requestId);
            await shim.ClientAsync();
            callers._calling = Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(() => callers.CallAsync(caller))));
            await callers.UntilEachHasCalledAsync();
            return callers;
        }

        public void AtMostOneFailureEach() =>
            Failures.GroupBy(failure => failure.Caller).ShouldAllBe(caller => caller.Count() <= 1, string.Join('\n', Failures.Select(failure => $"{failure.Caller}: {failure.What}")));

        public async Task UntilAllCallWithANewTokenAsync()
        {
            await UntilAsync(() => stage.Simulator.Journal.Since().Any(entry => entry.Service == Service.Sdp && entry.TokenOrdinal > _tokens && entry.Status == 200));
            await UntilEachHasCalledAsync();
            await UntilEachHasCalledAsync();
            await _end.CancelAsync();
            await _calling;
            // What the callers were told is what the instance did.
            stage.Changes().Count(entry => entry.Method == "POST" && entry.Path.EndsWith("/notes", StringComparison.Ordinal)).ShouldBe(_notes);
        }

        public async Task UntilAsync(Func<bool> holds)
        {
            using var end = new CancellationTokenSource(Patience);
            while (!holds())
            {
                end.IsCancellationRequested.ShouldBeFalse(stage.Output);
                await Task.Delay(10, CancellationToken.None);
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _end.CancelAsync();
            await _calling;
            _end.Dispose();
        }

        private Task UntilEachHasCalledAsync()
        {
            var before = _calls.ToArray();
            return UntilAsync(() => _calls.Zip(before).All(pair => pair.First >= pair.Second + 2));
        }

        // Every other caller writes: a write is not repeated, so it is the one that a rotation would cost most.
        private async Task CallAsync(int caller)
        {
            while (!_end.IsCancellationRequested)
            {
                var writes = caller % 2 == 0;
                var result = writes
                    ? await shim.CallAsync("add_note", new { request_id = requestId, note = "Still here" })
                    : await shim.CallAsync("get_request", new { request_id = requestId });
                if (result.IsError == true) Failures.Enqueue((caller, JsonSerializer.Serialize(result.Content)));
                else if (writes) Interlocked.Increment(ref _notes);
                Interlocked.Increment(ref _calls[caller]);
            }
        }
    }
}

using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Sidecar.Sandbox.Processes;
using Sidecar.Simulator;
using Sidecar.Tests.Harness;

namespace Sidecar.Tests.Onboarding;

/// <summary>Consent in a browser: a real one, and one that misbehaves.</summary>
public sealed partial class BrowserTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly int _port = FreePort();
    private Desk _desk = null!;
    private SimulatedClient _client = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _desk = await Desk.SetAsync();
        _client = _desk.AddClient(ClientKind.Server, _port);
    }

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    private string Name => Desk.SecretName(_desk.User);

    [Fact]
    public async Task A_person_clicks_through_the_consent_page_and_is_told_what_was_connected()
    {
        Assert.SkipWhen(Chromium.Path is null, "There is no Chromium on this machine.");
        await using var command = await StartAsync();
        await using var browser = await Chromium.StartAsync();
        await browser.OpenAsync(await PageAsync(command));
        (await browser.UntilAsync("document.getElementById('scopes') && document.getElementById('scopes').innerText")).ShouldContain("SDPOnDemand.requests.READ");
        await KeepAsync("consent.png", browser);
        await browser.ClickAsync("accept");
        var end = await browser.UntilAsync("document.title === 'Connected' && document.body.innerText");
        await KeepAsync("connected.png", browser);
        end.ShouldContain(_desk.User);
        end.ShouldContain("You can close this page.");
        (await command.WaitForExitAsync(Patience)).ShouldBe(0, command.Output);
        _desk.Simulator.Vault.Versions(Name).Count.ShouldBe(1);

        var broker = await _desk.Stage.StartBrokerAsync(_desk.PodSettings(_desk.User));
        (await broker.WhoAmIAsync()).TechnicianEmail.ShouldBe(_desk.User);
    }

    [Fact]
    public async Task Whoever_rejects_is_told_that_nothing_was_connected()
    {
        await using var command = await StartAsync();
        var page = await PageAsync(command);
        var state = Query(page, "state");
        (await ReturnAsync($"?error=access_denied&state={state}")).Body.ShouldContain("Not connected");
        (await command.WaitForExitAsync(Patience)).ShouldBe(1);
        command.Output.ShouldContain("Consent was not given.");
        command.Output.ShouldContain("Nothing was changed.");
        _desk.Simulator.Vault.Versions(Name).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_answer_that_was_not_asked_for_is_turned_away_and_the_command_goes_on_waiting()
    {
        await using var command = await StartAsync();
        var state = Query(await PageAsync(command), "state");
        (await ReturnAsync("?code=FAKE-planted&state=FAKE-guess")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await ReturnAsync("?code=FAKE-planted")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await ReturnAsync($"?code=FAKE-planted&state={state}", host: "evil.example")).Status.ShouldBe(HttpStatusCode.NotFound);
        command.HasExited.ShouldBeFalse();
        _desk.Simulator.Journal.Since().ShouldNotContain(entry => entry.Service == Service.Accounts && entry.Path.EndsWith("/token", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_code_that_somebody_else_planted_makes_no_grant()
    {
        await using var command = await StartAsync();
        var state = Query(await PageAsync(command), "state");
        var page = await ReturnAsync($"?code=FAKE-planted&state={state}");
        page.Body.ShouldContain("Not connected");
        (await command.WaitForExitAsync(Patience)).ShouldBe(1);
        command.Output.ShouldContain("Zoho does not take the code");
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named()
    {
        using var squatter = new TcpListener(IPAddress.Loopback, _port);
        squatter.Start();
        await using var command = await StartAsync();
        (await command.WaitForExitAsync(Patience)).ShouldBe(1);
        command.Output.ShouldContain($"Port {_port}");
        command.Output.ShouldContain("--port");
    }

    [Fact]
    public async Task Interrupted_while_it_waits_it_says_that_nothing_was_changed()
    {
        await using var command = await StartAsync();
        await PageAsync(command);
        command.Terminate();
        (await command.WaitForExitAsync(Patience)).ShouldBe(1);
        command.Output.ShouldContain("Interrupted.");
        command.Output.ShouldContain("Nothing was changed.");
    }

    // With SIDECAR_PICTURES the pages are kept there, to be looked at.
    private static async Task KeepAsync(string name, Chromium browser)
    {
        var picture = await browser.ScreenshotAsync();
        picture.Length.ShouldBeGreaterThan(1000);
        if (Stage.Pictures is { } folder) await File.WriteAllBytesAsync(Path.Combine(folder, name), picture, Cancel);
    }

    private async Task<ChildProcess> StartAsync()
    {
        var process = _desk.Start(
        [
            "onboard", _desk.User, .. _desk.Place, "--toolsets", "requests", "--grant", "Browser", "--no-browser", "--port", $"{_port}",
            "--client-id", _client.ClientId, "--users", _desk.Overlays,
        ]);
        await process.Input.WriteLineAsync(_client.ClientSecret);
        process.Input.Close();
        return process;
    }

    private static async Task<Uri> PageAsync(ChildProcess command) =>
        await command.WaitForOutputAsync(line => AuthPage().Match(line) is { Success: true } match ? new Uri(match.Value) : null, Patience);

    private async Task<(HttpStatusCode Status, string Body)> ReturnAsync(string query, string? host = null)
    {
        using var handler = new SocketsHttpHandler();
        using var client = new HttpMessageInvoker(handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://localhost:{_port}/callback{query}");
        if (host is not null) request.Headers.Host = host;
        using var response = await client.SendAsync(request, Cancel);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancel));
    }

    private static string Query(Uri page, string name) => page.Query.TrimStart('?').Split('&').First(part => part.StartsWith($"{name}=", StringComparison.Ordinal))[(name.Length + 1)..];

    // Below those that the system gives away, so that no listener of another test takes it in the meantime.
    private static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(20000, 32000);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken; another one.
            }
        }
    }

    [GeneratedRegex(@"https://\S+/oauth/v2/auth\?\S+")]
    private static partial Regex AuthPage();
}

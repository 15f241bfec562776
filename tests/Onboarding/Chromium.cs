using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sidecar.Sandbox.Processes;

namespace Sidecar.Tests.Onboarding;

/// <summary>A real browser without a screen, driven over its DevTools protocol.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ChildProcess _process;
    private readonly ClientWebSocket _socket = new();
    private readonly DirectoryInfo _profile;
    private string? _session;
    private int _id;

    private Chromium(ChildProcess process, DirectoryInfo profile) => (_process, _profile) = (process, profile);

    /// <summary>Path of the browser; null on a machine without one.</summary>
    public static string? Path => Places.FirstOrDefault(File.Exists);

    public static async Task<Chromium> StartAsync()
    {
        var profile = Directory.CreateTempSubdirectory("chromium-");
        var process = ChildProcess.Start(
            Path!,
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
                "--disable-sync", "--disable-dev-shm-usage", "--ignore-certificate-errors", "--remote-debugging-port=0", $"--user-data-dir={profile.FullName}", "about:blank",
            ],
            new Dictionary<string, string>());
        var browser = new Chromium(process, profile);
        const string Listening = "DevTools listening on ";
        var address = await process.WaitForOutputAsync(line => line.StartsWith(Listening, StringComparison.Ordinal) ? line[Listening.Length..] : null, Patience);
        await browser._socket.ConnectAsync(new Uri(address), CancellationToken.None);
        var target = await browser.AskAsync("Target.createTarget", new JsonObject { ["url"] = "about:blank" });
        var attached = await browser.AskAsync("Target.attachToTarget", new JsonObject { ["targetId"] = target.GetProperty("targetId").GetString(), ["flatten"] = true });
        browser._session = attached.GetProperty("sessionId").GetString();
        return browser;
    }

    public Task OpenAsync(Uri page) => AskAsync("Page.navigate", new JsonObject { ["url"] = page.AbsoluteUri });

    /// <summary>Waits until a script's value is a true one, and gives it.</summary>
    public async Task<string> UntilAsync(string script)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var reply = await AskAsync("Runtime.evaluate", new JsonObject { ["expression"] = $"String(({script}) || '')" });
            if (reply.GetProperty("result").TryGetProperty("value", out var value) && value.GetString() is { Length: > 0 } text) return text;
            if (patience.IsCancellationRequested) throw new TimeoutException($"The page never answered {script}.");
            await Task.Delay(50, CancellationToken.None);
        }
    }

    public Task ClickAsync(string id) => UntilAsync($"document.getElementById('{id}') && (document.getElementById('{id}').click(), 'clicked')");

    public async Task<byte[]> ScreenshotAsync() => (await AskAsync("Page.captureScreenshot", [])).GetProperty("data").GetBytesFromBase64();

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync(Patience);
        await _process.DisposeAsync();
        try
        {
            _profile.Delete(recursive: true);
        }
        catch (IOException)
        {
            // A child of the browser may still write there while it dies; the folder is a temporary one.
        }
    }

    private async Task<JsonElement> AskAsync(string method, JsonObject parameters)
    {
        using var patience = new CancellationTokenSource(Patience);
        var id = ++_id;
        var message = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters };
        if (_session is not null) message["sessionId"] = _session;
        await _socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(message), WebSocketMessageType.Text, true, patience.Token);
        while (true)
        {
            using var received = new MemoryStream();
            var buffer = new byte[64 * 1024];
            WebSocketReceiveResult part;
            do
            {
                part = await _socket.ReceiveAsync(buffer, patience.Token);
                received.Write(buffer, 0, part.Count);
            }
            while (!part.EndOfMessage);

            var reply = JsonDocument.Parse(received.ToArray()).RootElement;
            if (!reply.TryGetProperty("id", out var of) || of.GetInt32() != id) continue;
            return reply.TryGetProperty("result", out var result) ? result : throw new InvalidOperationException($"{method}: {reply}");
        }
    }
}

using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Sidecar.Broker.Credentials;
using Sidecar.Broker.Operations;
using Sidecar.Broker.Operations.Fate;
using Sidecar.Broker.Operations.Setup;
using Sidecar.Broker.Sdp;
using Sidecar.Broker.Tokens;

namespace Sidecar.Tests.Unit.Broker;

/// <summary>What went over the wire.</summary>
internal sealed record Sent(HttpMethod Method, Uri Url, string Headers, string? Authorization, string Body);

/// <summary>Answers every call with what the test says, and remembers the call.</summary>
internal sealed class Wire(Func<Sent, CancellationToken, Task<HttpResponseMessage>> answer) : HttpMessageHandler, IHttpClientFactory
{
    public ConcurrentQueue<Sent> Calls { get; } = new();

    public static HttpResponseMessage Json(string body, int status = 200) =>
        new((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    public static HttpResponseMessage Html(string body, int status = 200) =>
        new((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, "text/html") };

    public HttpClient CreateClient(string name) => new(this, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        var headers = string.Concat(request.Headers.Where(header => header.Key != "Authorization").Select(header => $"{header.Key}: {string.Join(',', header.Value)}\n"))
            + request.Content?.Headers;
        var sent = new Sent(request.Method, request.RequestUri!, headers, request.Headers.Authorization?.ToString(), body);
        Calls.Enqueue(sent);
        return await answer(sent, cancellationToken);
    }
}

/// <summary>A source that holds what the test puts there.</summary>
internal sealed class HeldCredential(Credential credential) : ICredentialSource
{
    public Credential Credential { get; set; } = credential;

    public int Reads { get; private set; }

    public Task<Credential> ReadAsync(CancellationToken cancellationToken)
    {
        Reads++;
        return Task.FromResult(Credential);
    }

    public static Credential Version(string version, string host = "desk.example.com") => new(
        "1000.CLIENT", new Secret($"hush-client-{version}"), new Secret($"hush-refresh-{version}"), new Uri("https://accounts.example.com"),
        new Uri($"https://{host}"), "itdesk", "anna@example.com", version);
}

/// <summary>Credential store, Zoho, token broker and client as in the program, with the wire and the clock in the test's hand.</summary>
internal sealed class Rig : IDisposable
{
    private int _tokens;

    public Rig(Func<Sent, CancellationToken, Task<HttpResponseMessage>>? sdp = null, Func<Sent, CancellationToken, Task<HttpResponseMessage>>? zoho = null)
    {
        Sdp = new Wire(sdp ?? ((_, _) => Task.FromResult(Wire.Json(Ok))));
        Zoho = new Wire(zoho ?? ((_, _) => Task.FromResult(NewToken())));
        Source = new HeldCredential(HeldCredential.Version("v1"));
        Store = new CredentialStore(Source, Clock, NullLogger<CredentialStore>.Instance);
        Tokens = new TokenBroker(Store, new ZohoAccounts(Zoho, Clock), Clock, NullLogger<TokenBroker>.Instance);
        var server = new ServerClock(Clock);
        Client = new SdpClient(Sdp, Store, Tokens, new Turnstile(), server, Options.Create(new SdpOptions()), Clock);
        var traced = new TracedWrites(new Tracer(Client, Store, server), new WriteLedger(Clock), Store, Clock);
        Caller = new SdpCaller(Client, Dialect, new NameLookup(new SetupLists(Client, Dialect), Dialect), traced, Store, Clock);
        Store.RefreshAsync(force: true, CancellationToken.None).GetAwaiter().GetResult();
    }

    public const string Ok = """{"response_status":{"status_code":2000,"status":"success"}}""";

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 7, 1, 9, 0, 0, TimeSpan.Zero));

    public Wire Sdp { get; }

    public Wire Zoho { get; }

    public HeldCredential Source { get; }

    public CredentialStore Store { get; }

    public TokenBroker Tokens { get; }

    public SdpClient Client { get; }

    public Dialect Dialect { get; } = new();

    public SdpCaller Caller { get; }

    public HttpResponseMessage NewToken(int seconds = 3600) => Wire.Json(JsonSerializer.Serialize(new Dictionary<string, object>
    {
        ["access_token"] = $"hush-token-{Interlocked.Increment(ref _tokens)}",
        ["expires_in"] = seconds,
        ["api_domain"] = "https://www.zohoapis.com",
    }));

    public async Task RotateAsync(string version, string host = "desk.example.com")
    {
        Source.Credential = HeldCredential.Version(version, host);
        await Store.RefreshAsync(force: true, CancellationToken.None);
    }

    /// <summary>Moves the clock on, a little at a time, until the task is done.</summary>
    public async Task<T> RunAsync<T>(Task<T> task, TimeSpan step)
    {
        // Everything between two waits runs on the pool, so real time has to pass as well.
        for (var turn = 0; turn < 5000 && !task.IsCompleted; turn++)
        {
            Clock.Advance(step);
            await Task.WhenAny(task, Task.Delay(1));
        }

        return await task;
    }

    public void Dispose()
    {
        Tokens.Dispose();
        Store.Dispose();
    }
}

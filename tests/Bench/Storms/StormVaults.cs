using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Sidecar.Simulator;

namespace Sidecar.Bench.Storms;

/// <summary>
/// Key Vault's data plane as a broker meets it: challenge, secret, throttling of the vault and of the subscription. A broker
/// names it by a host of its own: Microsoft's client remembers challenges by host, and a pod is a process of its own.
/// </summary>
internal sealed class StormVaults(Storm storm, TimeProvider clock, Random random, string secret) : HttpMessageHandler
{
    private readonly CallWindow[] _vaults = [.. Enumerable.Range(0, storm.Vaults).Select(_ => new CallWindow(clock))];
    private readonly CallWindow _subscription = new(clock);
    private readonly Dictionary<string, DateTimeOffset> _notBefore = [];
    private readonly string _suffix = $"-{Guid.NewGuid():N}.vault.azure.net";
    private readonly int _thread = Environment.CurrentManagedThreadId;

    public int Calls { get; private set; }

    public int Throttled { get; private set; }

    public int Early { get; private set; }

    public Uri UriOf(int broker) => new($"https://b{broker}{_suffix}");

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (Environment.CurrentManagedThreadId != _thread) throw new InvalidOperationException("A broker left the thread of virtual time; the result would depend on the machine.");
        // On the way there and back: 10 to 40 ms each.
        await Task.Delay(TimeSpan.FromMilliseconds(random.Next(10, 40)), clock, cancellationToken);
        var response = Answer(request);
        await Task.Delay(TimeSpan.FromMilliseconds(random.Next(10, 40)), clock, cancellationToken);
        return response;
    }

    private HttpResponseMessage Answer(HttpRequestMessage request)
    {
        var host = request.RequestUri!.Host;
        var (now, vault) = (clock.GetUtcNow(), int.Parse(host[1..host.IndexOf('-', StringComparison.Ordinal)], null) % storm.Vaults);
        Calls++;
        if (_notBefore.Remove(host, out var allowed) && now < allowed) Early++;
        // The vault's own limit first; what it refuses does not count for the subscription.
        if ((_vaults[vault].Enter(storm.CallLimit, Storm.Window) ?? (storm.SubscriptionLimit is { } limit ? _subscription.Enter(limit, Storm.Window) : null)) is { } wait)
        {
            Throttled++;
            var refusal = Json(HttpStatusCode.TooManyRequests, new { error = new { code = "Throttled", message = "Too many requests" } });
            if (!storm.RetryAfter) return refusal;
            var pause = TimeSpan.FromSeconds(Math.Ceiling(wait.TotalSeconds));
            refusal.Headers.RetryAfter = new RetryConditionHeaderValue(pause);
            _notBefore[host] = now + pause;
            return refusal;
        }

        if (request.Headers.Authorization is null)
        {
            var challenge = Json(HttpStatusCode.Unauthorized, new { error = new { code = "Unauthorized", message = "No token" } });
            challenge.Headers.WwwAuthenticate.Add(new AuthenticationHeaderValue(
                "Bearer", "authorization=\"https://login.microsoftonline.com/00000000-0000-0000-0000-000000000001\", resource=\"https://vault.azure.net\""));
            return challenge;
        }

        return Json(HttpStatusCode.OK, new { value = secret, id = $"https://{host}/secrets/sdp-storm/0123456789abcdef0123456789abcdef" });
    }

    private static HttpResponseMessage Json(HttpStatusCode status, object body) =>
        new(status) { Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json") };
}

using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Sidecar.Tests.Containers.Pods.Rendering;
using Sidecar.Tests.Containers.Pods.Running;

namespace Sidecar.Tests.Containers.Pods.Gateway;

/// <summary>
/// Stands in for Envoy Gateway, without TLS: does with a request what the rendered ClientTrafficPolicy, SecurityPolicy and HTTPRoutes
/// say, and sends it to the pod that the route's Service selects.
/// </summary>
internal sealed class TestGateway : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpMessageInvoker _way = new(new SocketsHttpHandler { AllowAutoRedirect = false, ConnectCallback = ConnectAsync });
    private readonly HttpClient _keys;
    private readonly IReadOnlyList<Route> _routes;
    private readonly IReadOnlyList<JsonObject> _objects;
    private readonly TokenPolicy? _tokens;
    private readonly IReadOnlyList<RunningPod> _pods;

    private TestGateway(IReadOnlyList<JsonObject> objects, IReadOnlyList<RunningPod> pods, HttpMessageHandler keys)
    {
        (_objects, _pods, _keys) = (objects, pods, new HttpClient(keys));
        _routes = [.. Route.Of(Of("HTTPRoute"))];
        // A policy with addresses alone belongs to the component allowlist.
        if (Of("SecurityPolicy").SingleOrDefault(policy => policy["spec"]!["jwt"] is not null) is { } policy) _tokens = new TokenPolicy(policy["spec"]!["jwt"]!.AsObject(), _keys);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(HandleAsync);
    }

    public IPEndPoint EndPoint { get; private set; } = null!;

    /// <summary>Starts one.</summary>
    /// <param name="objects">Everything that was rendered: the gateway's objects and the users'.</param>
    /// <param name="pods">The pods that are there.</param>
    /// <param name="keys">The way to Entra's keys.</param>
    public static async Task<TestGateway> StartAsync(IReadOnlyList<JsonObject> objects, IReadOnlyList<RunningPod> pods, HttpMessageHandler keys)
    {
        var gateway = new TestGateway(objects, pods, keys);
        await gateway._app.StartAsync(TestContext.Current.CancellationToken);
        gateway.EndPoint = IPEndPoint.Parse(new Uri(gateway._app.Urls.Single()).Authority);
        return gateway;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _way.Dispose();
        _keys.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        foreach (var removed in Of("ClientTrafficPolicy").SelectMany(policy => policy["spec"]!["headers"]?["earlyRequestHeaders"]?["remove"]?.AsArray() ?? []))
            context.Request.Headers.Remove((string)removed!);
        if (_tokens is not null && !await _tokens.ApplyAsync(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        if (Route.Choose(_routes, context.Request) is not { } route)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var path = context.Request.Path.Value!;
        foreach (var filter in route.Filters.Select(filter => filter!))
        {
            switch ((string)filter["type"]!)
            {
                case "URLRewrite":
                    path = (string)filter["urlRewrite"]!["path"]!["replaceFullPath"]!;
                    break;
                case "RequestHeaderModifier":
                    foreach (var set in filter["requestHeaderModifier"]!["set"]!.AsArray()) context.Request.Headers[(string)set!["name"]!] = (string?)set["value"];
                    break;
                case "ExtensionRef":
                    await AnswerAsync(context.Response, (string)filter["extensionRef"]!["name"]!);
                    return;
                case var type:
                    throw new NotSupportedException(type);
            }
        }

        await ForwardAsync(context, path, Pod(route.Service!));
    }

    private async Task AnswerAsync(HttpResponse response, string name)
    {
        var answer = Of("HTTPRouteFilter").Single(filter => Manifests.NameOf(filter) == name)["spec"]!["directResponse"]!;
        response.StatusCode = (int)answer["statusCode"]!;
        foreach (var header in answer["header"]?["set"]?.AsArray() ?? []) response.Headers[(string)header!["name"]!] = (string?)header["value"];
        await response.WriteAsync((string)answer["body"]!["inline"]!);
    }

    private RunningPod Pod(string service)
    {
        var selector = Of("Service").Single(one => Manifests.NameOf(one) == service)["spec"]!["selector"]!.AsObject();
        return _pods.Single(pod => selector.All(label => (string?)Manifests.PodOf(pod.Manifests.Deployment)["metadata"]!["labels"]![label.Key] == (string?)label.Value));
    }

    private async Task ForwardAsync(HttpContext context, string path, RunningPod pod)
    {
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), $"http://{pod.EndPoint}{path}") { Content = new StreamContent(context.Request.Body) };
        foreach (var header in context.Request.Headers)
            if (!request.Headers.TryAddWithoutValidation(header.Key, (IEnumerable<string?>)header.Value)) request.Content.Headers.TryAddWithoutValidation(header.Key, (IEnumerable<string?>)header.Value);
        using var response = await _way.SendAsync(request, context.RequestAborted);
        context.Response.StatusCode = (int)response.StatusCode;
        if (response.Content.Headers.ContentType is { } type) context.Response.ContentType = type.ToString();
        await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    private IEnumerable<JsonObject> Of(string kind) => _objects.Where(one => (string?)one["kind"] == kind);

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        // The request's Host is the name that the client asked for; the way is the pod's address.
        await socket.ConnectAsync(IPEndPoint.Parse(context.InitialRequestMessage.RequestUri!.Authority), cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }
}

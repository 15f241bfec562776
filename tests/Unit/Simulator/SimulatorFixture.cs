using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Shouldly;
using Sidecar.Simulator;
using Xunit;

namespace Sidecar.Tests.Unit.Simulator;

/// <summary>One running simulator and plain HTTP to it: no client of ours stands between a test and the wire.</summary>
public sealed class SimulatorFixture : IAsyncLifetime
{
    public const string Media = "application/vnd.manageengine.sdp.v3+json";

    private string? _token;

    public SimulatorHost Host { get; private set; } = null!;
    public HttpClient Http { get; private set; } = null!;
    public SimulatedUser User { get; private set; } = null!;
    public Instance Desk => Host.Instances["itdesk"];

    public async ValueTask InitializeAsync()
    {
        Host = await SimulatorHost.StartAsync(new SimulatorOptions(), TestContext.Current.CancellationToken);
        Http = new HttpClient(Host.CreateHandler());
        User = Host.AddUser();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Host.DisposeAsync();
    }

    /// <summary>Portal, users and limits as at the start.</summary>
    public void Reset()
    {
        Host.Reset();
        User = Host.AddUser();
        _token = null;
    }

    public async Task<Reply> Token(SimulatedUser? user = null, string grantType = "refresh_token", Dictionary<string, string>? other = null)
    {
        var credential = (user ?? User).Credential;
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = grantType,
            ["client_id"] = credential.ClientId,
            ["client_secret"] = credential.ClientSecret,
            ["refresh_token"] = credential.RefreshToken,
        };
        foreach (var (name, value) in other ?? [])
            form[name] = value;
        return await Send(new HttpRequestMessage(HttpMethod.Post, new Uri(Host.AccountsUrl, "/oauth/v2/token")) { Content = new FormUrlEncodedContent(form) });
    }

    public async Task<string> AccessToken(SimulatedUser? user = null) =>
        user is null
            ? _token ??= (string)(await Token()).Json["access_token"]!
            : (string)(await Token(user)).Json["access_token"]!;

    public Task<Reply> Get(string path, string? input = null, string? token = null) => Call("GET", path, input, token);

    public Task<Reply> Post(string path, string input) => Call("POST", path, input);

    public Task<Reply> Put(string path, string? input = null) => Call("PUT", path, input);

    public Task<Reply> Delete(string path, string? input = null) => Call("DELETE", path, input);

    public async Task<Reply> Call(string method, string path, string? input = null, string? token = null, string? accept = Media, string portal = "itdesk")
    {
        var url = $"/app/{portal}/api/v3{path}";
        if (method == "GET" && input is not null)
            url += $"?input_data={Uri.EscapeDataString(input)}";
        var request = new HttpRequestMessage(new HttpMethod(method), new Uri(Host.SdpUrl, url));
        if (accept is not null)
            request.Headers.TryAddWithoutValidation("Accept", accept);
        request.Headers.Authorization = new AuthenticationHeaderValue("Zoho-oauthtoken", token ?? await AccessToken());
        if (method != "GET" && input is not null)
            request.Content = new FormUrlEncodedContent([new("input_data", input)]);
        return await Send(request);
    }

    public async Task<Reply> Send(HttpRequestMessage request)
    {
        using (request)
        using (var response = await Http.SendAsync(request, TestContext.Current.CancellationToken))
            return new Reply(
                response.StatusCode,
                response.Content.Headers.ContentType?.MediaType,
                await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
                response.Headers.ToDictionary(header => header.Key, header => string.Join(", ", header.Value)));
    }

    public async Task<string> NewRequest(string more = "")
    {
        var created = await Post("/requests", "{\"request\":{\"subject\":\"A ticket of a test\"" + more + "}}");
        created.Status.ShouldBe(HttpStatusCode.OK, created.Body);
        return (string)created.Json["request"]!["id"]!;
    }
}

public sealed record Reply(HttpStatusCode Status, string? MediaType, string Body, IReadOnlyDictionary<string, string> Headers)
{
    public JsonObject Json => JsonNode.Parse(Body)!.AsObject();

    public int Code => (int)Json["response_status"]!["status_code"]!;

    public JsonObject Message => Json["response_status"]!["messages"]![0]!.AsObject();
}

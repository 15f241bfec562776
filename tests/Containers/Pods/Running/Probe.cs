using System.Text.Json.Nodes;
using Sidecar.Tests.Containers.Harness;

namespace Sidecar.Tests.Containers.Pods.Running;

/// <summary>A probe as it was rendered, made as a kubelet makes it: a command in the container, or a GET from outside the pod.</summary>
internal sealed class Probe(JsonObject rendered, JsonObject owner, RunningContainer container, string podAddress)
{
    // A kubelet opens a connection for each probe.
    private static readonly HttpClient Client = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero }) { Timeout = TimeSpan.FromSeconds(10) };

    /// <summary>Makes it once.</summary>
    /// <returns>Whether it succeeds, and what it says.</returns>
    public async Task<(bool IsGood, string Words)> RunAsync()
    {
        if (rendered["exec"]?["command"] is JsonArray command)
        {
            var result = await container.ExecAsync([.. command.Select(word => (string)word!)]);
            return (result.ExitCode == 0, result.Output + result.Errors);
        }

        var get = rendered["httpGet"]!;
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{podAddress}:{Port(get["port"]!)}{get["path"]}");
            foreach (var header in get["httpHeaders"]?.AsArray() ?? []) request.Headers.TryAddWithoutValidation((string)header!["name"]!, (string)header["value"]!);
            using var response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
            return (response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is TaskCanceledException && !TestContext.Current.CancellationToken.IsCancellationRequested))
        {
            return (false, exception.Message);
        }
    }

    private int Port(JsonNode port) => port.GetValueKind() == System.Text.Json.JsonValueKind.Number
        ? (int)port
        : (int)owner["ports"]!.AsArray().Single(one => (string?)one!["name"] == (string?)port)!["containerPort"]!;
}

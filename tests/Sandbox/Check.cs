using System.Globalization;
using System.Text.Json;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Sidecar.Sandbox;

/// <summary>A scripted session of a real MCP client: reads, opens, changes, answers and closes a request, and looks what came of it.</summary>
internal static class Check
{
    public static async Task<bool> RunAsync(SandboxRun run, CancellationToken cancellationToken)
    {
        await using var client = await McpClient.CreateAsync(
            new HttpClientTransport(new HttpClientTransportOptions
            {
                Endpoint = run.Mcp,
                AdditionalHeaders = new Dictionary<string, string> { ["X-API-Key"] = run.Key.Value },
            }),
            Patient.Client,
            cancellationToken: cancellationToken);
        var steps = new Steps(client, cancellationToken);

        await steps.RunAsync("lists the tools", async () => (await client.ListToolsAsync(cancellationToken: cancellationToken)).Count >= 16);
        await steps.CallAsync("knows whom it acts as", "whoami", [], answer => Text(answer, "technician_email") == run.Technician && answer.GetProperty("ready").GetBoolean());
        await steps.CallAsync("reads the instance's names", "get_metadata", [], answer => answer.GetProperty("statuses").GetArrayLength() > 0);
        await steps.CallAsync("lists open requests", "list_requests", [], answer => answer.GetProperty("requests").GetArrayLength() > 0);
        await steps.CallAsync("finds technicians", "find_technician", new() { ["query"] = run.Technician.Split('@')[0].Split('.')[0] }, answer => answer.GetProperty("technicians").GetArrayLength() > 0);

        var id = "";
        var subject = string.Create(CultureInfo.InvariantCulture, $"Sandbox check {Guid.NewGuid():N}");
        await steps.CallAsync("opens a request", "create_request", new() { ["subject"] = subject, ["description"] = "A <b>test</b> & more\nsecond line" }, answer =>
        {
            id = Text(answer, "display_id") ?? "";
            return id.Length > 0 && Text(answer, "subject") == subject;
        });
        var request = new Dictionary<string, object?> { ["request_id"] = $"#{id}" };
        await steps.CallAsync("reads it back as plain text", "get_request", request, answer => Text(answer, "description") == "A <b>test</b> & more\nsecond line");
        await steps.CallAsync("finds it", "search_requests", new() { ["query"] = subject }, answer => answer.GetProperty("requests").GetArrayLength() == 1);
        await steps.CallAsync("adds a public note", "add_note", new(request) { ["note"] = "We are on it." }, answer => answer.GetProperty("show_to_requester").GetBoolean());
        await steps.CallAsync("adds a private note", "add_private_note", new(request) { ["note"] = "Ask the network team." }, answer => !answer.GetProperty("show_to_requester").GetBoolean());
        await steps.CallAsync("sends the first response", "send_first_response", new(request) { ["message"] = "Hello, we have started." }, answer => answer.GetProperty("to").GetArrayLength() == 1);
        await steps.CallAsync("shows the conversation", "get_request_conversation", request, answer =>
            answer.GetProperty("messages").EnumerateArray().Any(message => Text(message, "text")?.Contains("we have started", StringComparison.Ordinal) == true));
        await steps.CallAsync("takes it over", "update_request", new(request) { ["technician"] = run.Technician }, answer => Text(answer.GetProperty("technician"), "email") == run.Technician);
        await steps.CallAsync("closes it", "close_request", new(request) { ["resolution"] = "Restarted the router.", ["closure_code"] = "Success", ["closure_comments"] = "Done." }, answer => !answer.GetProperty("is_open").GetBoolean());
        return steps.Summarize();
    }

    private static string? Text(JsonElement answer, string name) => answer.TryGetProperty(name, out var value) ? value.GetString() : null;

    private sealed class Steps(McpClient client, CancellationToken cancellationToken)
    {
        private int _passed, _failed;

        public Task CallAsync(string what, string tool, Dictionary<string, object?> arguments, Func<JsonElement, bool> isRight) => RunAsync(what, async () =>
        {
            var result = await client.CallToolAsync(tool, arguments, cancellationToken: cancellationToken);
            var text = string.Concat(result.Content.OfType<TextContentBlock>().Select(block => block.Text));
            if (result.IsError != true && result.StructuredContent is { } answer && isRight(answer)) return true;
            Console.WriteLine($"     {tool} answered: {text}");
            return false;
        });

        public async Task RunAsync(string what, Func<Task<bool>> step)
        {
            var ok = false;
            try
            {
                ok = await step();
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                Console.WriteLine($"     {exception.Message}");
            }

            Console.WriteLine($"{(ok ? "ok   " : "FAIL ")}{what}");
            _ = ok ? _passed++ : _failed++;
        }

        public bool Summarize()
        {
            Console.WriteLine(_failed == 0 ? $"All {_passed} steps held." : $"{_failed} of {_passed + _failed} steps failed.");
            return _failed == 0;
        }
    }
}

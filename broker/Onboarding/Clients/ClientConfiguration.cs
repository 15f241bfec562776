using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sidecar.Broker.Credentials;

namespace Sidecar.Broker.Onboarding.Clients;

/// <summary>What the user puts into the AI client's configuration: JSON of the form that Claude Code and Cursor read.</summary>
internal static class ClientConfiguration
{
    /// <summary>Where the shim is found on the user's own machine.</summary>
    public const string DefaultUrl = "http://127.0.0.1:8080/mcp";

    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="url">The shim's MCP URL, as the client reaches it.</param>
    /// <param name="key">The key, which the text then holds.</param>
    public static Secret Of(Uri url, Secret key)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, Readable))
        {
            json.WriteStartObject();
            json.WriteStartObject("mcpServers");
            json.WriteStartObject("servicedesk-plus");
            json.WriteString("type", "http");
            json.WriteString("url", url.AbsoluteUri);
            json.WriteStartObject("headers");
            json.WriteString("X-API-Key", key.Reveal());
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        var text = new Secret(Encoding.UTF8.GetString(bytes.WrittenSpan));
        bytes.Clear();
        return text;
    }
}

using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Google.Protobuf;
using ModelContextProtocol.Protocol;

namespace Sidecar.Shim.Results;

/// <summary>A reply as a tool result: the same JSON as structure for programs and as text for clients that know only text.</summary>
internal static class Answer
{
    // The text is a JSON string inside JSON, never HTML: letters beyond ASCII stay readable, and short for the model.
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static CallToolResult Of(IMessage reply)
    {
        var json = ToJson(reply);
        return new CallToolResult
        {
            Content = [new TextContentBlock { Text = Encoding.UTF8.GetString(json) }],
            StructuredContent = JsonElement.Parse(json),
        };
    }

    public static ReadOnlySpan<byte> ToJson(IMessage reply)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Compact))
            MessageWriter.Write(json, reply);

        return buffer.WrittenSpan;
    }
}

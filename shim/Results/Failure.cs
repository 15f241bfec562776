using ModelContextProtocol.Protocol;

namespace Sidecar.Shim.Results;

/// <summary>A failure as a tool result: what happened, whether anything was changed, what to do next, a line each.</summary>
internal static class Failure
{
    public static CallToolResult Of(params IEnumerable<string> lines) => new()
    {
        IsError = true,
        Content = [new TextContentBlock { Text = string.Join('\n', lines.Where(line => line.Length > 0)) }],
    };
}

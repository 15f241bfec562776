using System.Text.Json;

namespace Sidecar.Tests.Harness;

/// <summary>Reads answers as tests do.</summary>
public static class Json
{
    /// <summary>The text of a member; null if it is absent.</summary>
    public static string? Text(this JsonElement answer, string name) => answer.TryGetProperty(name, out var value) ? value.ToString() : null;
}

using System.Collections.Concurrent;

namespace Sidecar.Soak.Findings;

/// <summary>Looks for every secret there is, by its value. What it finds is told by name.</summary>
internal sealed class Leaks(Scene scene)
{
    private readonly ConcurrentDictionary<string, bool> _found = new();
    private long _searched;

    /// <summary>What leaked where.</summary>
    public ICollection<string> Found => _found.Keys;

    /// <summary>Characters searched.</summary>
    public long Searched => Interlocked.Read(ref _searched);

    /// <summary>Searches a text.</summary>
    public void Search(string where, string text)
    {
        Interlocked.Add(ref _searched, text.Length);
        foreach (var (name, value) in scene.Secrets)
            if (text.Contains(value, StringComparison.Ordinal) || text.Contains(Uri.EscapeDataString(value), StringComparison.Ordinal)) _found[$"{name} in {where}"] = true;
    }
}

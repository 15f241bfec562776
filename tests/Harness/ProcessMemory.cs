using System.Globalization;
using Sidecar.Sandbox.Processes;

namespace Sidecar.Tests.Harness;

/// <summary>Searches the memory of a process, as somebody with a core dump would.</summary>
public static class ProcessMemory
{
    private const int ChunkSize = 1024 * 1024;

    /// <summary>True if any of the patterns is anywhere in the process' writable memory.</summary>
    public static bool Contains(ChildProcess process, params byte[][] patterns) => Contains(process.Id, patterns);

    /// <summary>The same for any process that we may look into.</summary>
    public static bool Contains(int process, params byte[][] patterns)
    {
        var overlap = patterns.Max(pattern => pattern.Length);
        var buffer = new byte[ChunkSize + overlap];
        using var memory = new FileStream($"/proc/{process}/mem", FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        foreach (var (start, end) in Regions(process))
        {
            for (var at = start; at < end; at += ChunkSize)
            {
                var wanted = (int)Math.Min(buffer.Length, end - at);
                var length = Read(memory, at, buffer.AsSpan(0, wanted));
                if (patterns.Any(pattern => buffer.AsSpan(0, length).IndexOf(pattern) >= 0)) return true;
            }
        }

        return false;
    }

    private static int Read(FileStream memory, long at, Span<byte> buffer)
    {
        try
        {
            memory.Position = at;
            return memory.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        }
        catch (IOException)
        {
            // Pages that are reserved and not there.
            return 0;
        }
    }

    private static IEnumerable<(long Start, long End)> Regions(int process) =>
        from line in File.ReadLines($"/proc/{process}/maps")
        let parts = line.Split(' ')
        where parts[1].StartsWith("rw", StringComparison.Ordinal)
        let range = parts[0].Split('-')
        select (long.Parse(range[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture), long.Parse(range[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
}

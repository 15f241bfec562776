using System.Globalization;

namespace Sidecar.Tests.Containers.Harness;

/// <summary>The kernel's accounts of a container, of whichever version its control groups are.</summary>
public static class ControlGroup
{
    /// <summary>Memory in use of the group that a process is in, less file pages that can go.</summary>
    public static async Task<long> WorkingSetAsync(int pid)
    {
        var folder = await FolderAsync(pid, "memory");
        var isFirst = File.Exists(Path.Combine(folder, "memory.usage_in_bytes"));
        var usage = await File.ReadAllTextAsync(Path.Combine(folder, isFirst ? "memory.usage_in_bytes" : "memory.current"));
        var idle = File.ReadLines(Path.Combine(folder, "memory.stat"))
            .Select(line => line.Split(' '))
            .First(parts => parts[0] == (isFirst ? "total_inactive_file" : "inactive_file"))[1];
        return long.Parse(usage, CultureInfo.InvariantCulture) - long.Parse(idle, CultureInfo.InvariantCulture);
    }

    /// <summary>Processor time used so far by the group that a process is in.</summary>
    public static async Task<TimeSpan> ProcessorTimeAsync(int pid)
    {
        var folder = await FolderAsync(pid, "cpuacct");
        var first = Path.Combine(folder, "cpuacct.usage");
        if (File.Exists(first)) return TimeSpan.FromMicroseconds(long.Parse(await File.ReadAllTextAsync(first), CultureInfo.InvariantCulture) / 1000d);
        var used = File.ReadLines(Path.Combine(folder, "cpu.stat")).First(line => line.StartsWith("usage_usec ", StringComparison.Ordinal));
        return TimeSpan.FromMicroseconds(long.Parse(used.Split(' ')[1], CultureInfo.InvariantCulture));
    }

    // A line is ID:CONTROLLERS:PATH; version 2 has one line, without controllers.
    private static async Task<string> FolderAsync(int pid, string controller)
    {
        var lines = (await File.ReadAllLinesAsync($"/proc/{pid}/cgroup")).Select(line => line.Split(':', 3)).ToList();
        var first = lines.FirstOrDefault(parts => parts[1].Split(',').Contains(controller));
        return first is not null ? $"/sys/fs/cgroup/{controller}{first[2]}" : $"/sys/fs/cgroup{lines.Single(parts => parts[1].Length == 0)[2]}";
    }
}

using System.ComponentModel;
using System.Diagnostics;
using Sidecar.Broker.Hosting;

namespace Sidecar.Broker.Onboarding.Grants;

/// <summary>The browser of the person at this machine.</summary>
internal static class BrowserOpener
{
    /// <summary>True where there is a screen to show it on.</summary>
    public static bool IsPossible => OperatingSystem.IsWindows() || OperatingSystem.IsMacOS()
        || BrokerServer.Configuration() is var settings && (settings["DISPLAY"] ?? settings["WAYLAND_DISPLAY"]) is { Length: > 0 };

    /// <summary>Opens a page; where that fails, the person can open it by hand.</summary>
    public static bool TryOpen(Uri page)
    {
        var start = OperatingSystem.IsWindows() ? new ProcessStartInfo(page.AbsoluteUri) { UseShellExecute = true }
            : new ProcessStartInfo(OperatingSystem.IsMacOS() ? "open" : "xdg-open", [page.AbsoluteUri]) { RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using var process = Process.Start(start);
            return process is not null;
        }
        catch (Exception exception) when (exception is Win32Exception or FileNotFoundException)
        {
            return false;
        }
    }
}

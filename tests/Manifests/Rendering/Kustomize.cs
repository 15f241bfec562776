using System.ComponentModel;
using System.Diagnostics;

namespace Sidecar.Tests.Manifests.Rendering;

/// <summary><c>kubectl kustomize</c>, as people run it.</summary>
internal static class Kustomize
{
    // One for each core: a rendering is nothing but work.
    private static readonly SemaphoreSlim Turns = new(Environment.ProcessorCount);

    /// <summary>What it renders of a folder.</summary>
    /// <exception cref="RenderException">It refuses.</exception>
    public static async Task<string> RenderAsync(string folder)
    {
        await Turns.WaitAsync();
        try
        {
            using var process = Start("kustomize", folder);
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync();
            if (process.ExitCode != 0 || (await error).Length > 0) throw new RenderException(await error);
            return await output;
        }
        finally
        {
            Turns.Release();
        }
    }

    /// <summary>Skips the test where there is no kubectl, for one that takes every exception for a refusal.</summary>
    public static void SkipWithoutIt() => Start("version", "--client").Dispose();

    private static Process Start(params string[] arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo("kubectl", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        }
        catch (Win32Exception)
        {
            Assert.Skip("kubectl is not installed on this machine");
            throw;
        }
    }
}

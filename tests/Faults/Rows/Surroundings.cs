using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Sidecar.Tests.Faults.Matrix;
using Sidecar.Tests.Faults.Run;

namespace Sidecar.Tests.Faults.Rows;

/// <summary>The machine: its clock and its disk.</summary>
internal static class Surroundings
{
    private const string Group = "Clock and disk";

    public static IEnumerable<FaultRow> Rows =>
    [
        Jump("the broker's clock jumps two hours ahead", 2),
        Jump("the broker's clock jumps two hours back", -2),
        new(Group, "the clock of Zoho and ServiceDesk Plus jumps two hours ahead", Effect.Harmless)
        {
            // The token is over there: refused before the call is looked at.
            Writes = 2,
            Begin = scene =>
            {
                scene.Simulator.Clock.Advance(TimeSpan.FromHours(2));
                return Task.CompletedTask;
            },
        },
        new(Group, "the disk takes no byte more, and the token expires early", Effect.Final)
        {
            // What cannot be counted is asked for less often: that a crash loop cannot lock the user out weighs more.
            Told = "TOKEN_THROTTLED", Says = "cannot be written",
            Prepare = scene =>
            {
                scene.Settings["Tokens__CachePath"] = scene.Folder.File("tokens");
                Within(scene, "trap '' XFSZ");
                // The runtime's own double mapping of code is a file as well, for programs that are not compiled ahead of time.
                scene.Settings["DOTNET_EnableWriteXorExecute"] = "0";
            },
            Begin = async scene =>
            {
                // A limit of no byte stands for a full disk: it needs no right to mount one, and fails a write in the same way.
                using var limit = Process.Start("prlimit", ["--pid", $"{scene.Broker.Id}", "--fsize=0:0"]);
                await limit.WaitForExitAsync();
                if (limit.ExitCode != 0) throw new InvalidOperationException("prlimit could not take the disk away.");
                scene.Simulator.Accounts.ExpireAccessTokens();
            },
        },
    ];

    private static FaultRow Jump(string name, int hours) => new(Group, name, Effect.Harmless)
    {
        // A token that is too old by our clock is renewed; one that is too old by theirs is refused before the call is looked at.
        Writes = 2,
        Prepare = scene =>
        {
            scene.Folder.Write("clock", "+0");
            scene.Settings["LD_PRELOAD"] = FakeTime;
            scene.Settings["FAKETIME_TIMESTAMP_FILE"] = scene.Folder.File("clock");
            scene.Settings["FAKETIME_NO_CACHE"] = "1";
            scene.Settings["FAKETIME_DONT_FAKE_MONOTONIC"] = "1";
        },
        Begin = scene =>
        {
            // At once: the broker reads it whenever it asks for the time.
            File.Move(scene.Folder.Write("clock.new", $"{hours:+0;-0}h"), scene.Folder.File("clock"), overwrite: true);
            return Task.CompletedTask;
        },
        // Its log shows that it did.
        After = (scene, _) => Scene.UntilAsync(() => LogTimes(scene).Any(time => Math.Abs((time - TimeProvider.System.GetUtcNow()).TotalHours - hours) < 0.5), "the broker's clock to jump"),
    };

    private static IEnumerable<DateTimeOffset> LogTimes(Scene scene) =>
        Regex.Matches(scene.Broker.Output, "\"Timestamp\":\"([^\"]+)\"").Select(time => DateTimeOffset.Parse(time.Groups[1].Value, CultureInfo.InvariantCulture));

    private static string FakeTime
    {
        get
        {
            var architecture = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "aarch64" : "x86_64";
            var library = $"/usr/lib/{architecture}-linux-gnu/faketime/libfaketime.so.1";
            return File.Exists(library) ? library : throw new FileNotFoundException($"{library} is missing: apt-get install libfaketime");
        }
    }

    // The same program, by way of a shell that sets its surroundings.
    private static void Within(Scene scene, string surroundings)
    {
        var script = scene.Folder.Write("broker.sh", $"#!/bin/bash\n{surroundings}\nexec '{scene.Programs.Broker}' \"$@\"\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        scene.Programs = scene.Programs with { Broker = script };
    }
}

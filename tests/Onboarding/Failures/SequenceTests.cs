namespace Sidecar.Tests.Onboarding.Failures;

/// <summary>The table of calls against what the simulator sees: a call that is added to a command cannot be left out.</summary>
public sealed class SequenceTests
{
    public static TheoryData<string> Commands => [.. Deed.All.Select(deed => deed.Name)];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task A_command_that_nothing_disturbs_makes_these_calls_and_no_other(string command)
    {
        var deed = Deed.All.Single(one => one.Name == command);
        await using var desk = await Desk.SetAsync();
        desk.Timeout = 60;
        var scene = new Scene(desk);
        deed.Prepare(scene);
        var since = desk.Simulator.Journal.LastSeq;
        var (arguments, input) = deed.Words(scene);
        var ran = await desk.RunAsync(arguments, input);
        ran.ExitCode.ShouldBe(0, ran.Output);
        deed.Missing(scene, 0).ShouldBeEmpty();

        var made = desk.Simulator.Journal.Since(since);
        var seen = string.Join('\n', made.Select(entry => $"{entry.Service} {entry.Method} {entry.Path}"));
        made.Count.ShouldBe(deed.Calls.Count, seen);
        foreach (var (entry, call) in made.Zip(deed.Calls)) call.Fits(entry).ShouldBeTrue($"{entry.Service} {entry.Method} {entry.Path} is not \"{call.Name}\":\n{seen}");
    }
}

using System.CommandLine;
using System.Text.RegularExpressions;
using Sidecar.Broker.Onboarding;
using Sidecar.Sandbox.Processes;
using Sidecar.Tests.Harness;

namespace Sidecar.Tests.Onboarding.TerminalTests;

/// <summary><c>--help</c>: what a newcomer reads first.</summary>
public sealed class HelpTests
{
    private static readonly List<Command> Commands = [.. OnboardingSetup.Commands()];

    public static TheoryData<string> Names => [.. Commands.Select(command => command.Name)];

    [Fact]
    public async Task All_commands_are_listed_each_in_a_line_of_its_own()
    {
        var help = await HelpAsync();
        foreach (var name in new[] { "onboard", "verify", "rotate", "offboard", "list" }) help.ShouldMatch($@"(?m)^  {name} .*[a-z]\.$", help);
        help.Split('\n').Length.ShouldBeLessThan(30, help);
        help.ShouldNotContain("Exit code 0: all is in place", customMessage: "that is told by the command's own help");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Every_command_says_what_it_does_how_it_goes_and_how_it_ends_with_examples(string name)
    {
        var (command, help) = (Commands.Single(command => command.Name == name), await HelpAsync(name));
        foreach (var option in command.Options)
        {
            option.Description.ShouldNotBeNullOrWhiteSpace(option.Name);
            Flat(help).ShouldContain(Flat(option.Description!), customMessage: option.Name);
            if (option.ValueType != typeof(bool)) help.ShouldMatch($@"{option.Name} <[A-Z]+>", $"{option.Name} says what it takes");
        }

        foreach (var argument in command.Arguments) help.ShouldContain(argument.Description!);
        Flat(help).ShouldContain(Flat(command.Description!));
        foreach (var part in new[] { "How it goes:", "Examples:", "Exit code 0: " }) help.ShouldContain(part);
        help.Split('\n').ShouldAllBe(line => line.Length <= 120);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_examples_are_command_lines_that_are_accepted(string name)
    {
        var root = new RootCommand();
        foreach (var command in OnboardingSetup.Commands()) root.Add(command);
        var examples = Regex.Matches((await HelpAsync(name)).Replace("\\\n", " ", StringComparison.Ordinal), $@"(?m)^ {{4}}(?:PROGRAM \| )?broker ({name} [^|\n]*)").Select(match => match.Groups[1].Value.Trim()).ToList();
        examples.Count.ShouldBeGreaterThan(1);
        foreach (var example in examples)
        {
            var parsed = root.Parse(example);
            parsed.CommandResult.Command.Name.ShouldBe(name);
            parsed.Errors.Select(error => error.Message).ShouldBeEmpty(example);
        }
    }

    // The columns of the help break the texts.
    private static string Flat(string text) => Regex.Replace(text, @"\s+", "");

    private static async Task<string> HelpAsync(params string[] command)
    {
        await using var process = ChildProcess.Start(Stage.Programs.Broker, [.. command, "--help"], new Dictionary<string, string>());
        (await process.WaitForExitAsync(TimeSpan.FromMinutes(1))).ShouldBe(0, process.Output);
        return process.Output;
    }
}

using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Sidecar.Broker.Onboarding;

/// <summary>A command whose help ends with a guide, which the list of all commands would be too long for.</summary>
/// <param name="name">What is typed.</param>
/// <param name="summary">What it does, in one line.</param>
/// <param name="guide">How it goes, examples and exit codes: lines of at most 100 characters.</param>
internal sealed class GuidedCommand(string name, string summary, string guide) : Command(name, summary)
{
    /// <summary>Widest help that is still read with ease, in characters.</summary>
    private const int Widest = 120;

    private readonly string _guide = guide;

    /// <summary>Lets <c>--help</c> show guides.</summary>
    public static void ShowGuides(RootCommand root)
    {
        var help = root.Options.OfType<HelpOption>().Single();
        if (help.Action is HelpAction plain) help.Action = new GuidedHelp(plain);
    }

    private sealed class GuidedHelp(HelpAction plain) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => plain.ClearsParseErrors;

        public override int Invoke(ParseResult parseResult)
        {
            plain.MaxWidth = Math.Min(plain.MaxWidth, Widest);
            var code = plain.Invoke(parseResult);
            if (parseResult.CommandResult.Command is GuidedCommand guided) parseResult.InvocationConfiguration.Output.WriteLine(guided._guide);
            return code;
        }
    }
}

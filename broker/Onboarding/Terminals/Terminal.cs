using System.Globalization;
using Sidecar.Broker.Credentials;
using Spectre.Console;

namespace Sidecar.Broker.Onboarding.Terminals;

/// <summary>
/// What a person, or a log, sees of a command: a tick a step with a spinner while it runs, or plain lines where nobody
/// watches. Everything shown is one line of printable characters, whoever wrote it.
/// </summary>
internal sealed class Terminal(IAnsiConsole console, TextReader input)
{
    /// <summary>Longest line of text that may come from elsewhere, in characters.</summary>
    private const int Longest = 2000;

    /// <summary>On this process's terminal. Where standard output carries data, the words go to standard error.</summary>
    public static Terminal Create(bool outputIsData = false)
    {
        // Spectre looks at standard output, wherever the words go.
        var isSeen = !Console.IsInputRedirected && !(outputIsData ? Console.IsErrorRedirected : Console.IsOutputRedirected);
        var terminal = new Terminal(
            AnsiConsole.Create(new AnsiConsoleSettings
            {
                Out = new Window(outputIsData ? Console.Error : Console.Out),
                Ansi = isSeen ? AnsiSupport.Detect : AnsiSupport.No,
                Interactive = isSeen ? InteractionSupport.Yes : InteractionSupport.No,
            }),
            Console.In);
        // The first look at the keyboard ends the echo. Before the first word is shown, so that nothing that is pasted early is.
        if (terminal.IsInteractive) _ = Console.KeyAvailable;
        return terminal;
    }

    /// <summary>True if a person can see and answer.</summary>
    public bool IsInteractive => console.Profile.Capabilities.Interactive;

    /// <summary>For tables and progress bars.</summary>
    public IAnsiConsole Ansi => console;

    /// <summary>Does something under a spinner, and shows nothing of how it went.</summary>
    public Task<T> WaitAsync<T>(string doing, Func<Task<T>> work) => IsInteractive ? console.Status().StartAsync(Markup.Escape(Plain(doing)), _ => work()) : work();

    /// <summary>Does one step and shows how it went.</summary>
    /// <param name="doing">What is being done, such as "Reading the secret".</param>
    /// <param name="work">Does it.</param>
    /// <param name="done">What was done, or found, in one line.</param>
    public async Task<T> StepAsync<T>(string doing, Func<Task<T>> work, Func<T, string> done)
    {
        try
        {
            var result = await WaitAsync(doing, work);
            Mark("✓", "ok  ", Color.Green, done(result));
            return result;
        }
        catch
        {
            Mark("✗", "FAIL", Color.Red, doing);
            throw;
        }
    }

    /// <summary>Does one step that finds nothing out.</summary>
    public Task StepAsync(string doing, Func<Task> work, string done) => StepAsync(
        doing,
        async () =>
        {
            await work();
            return true;
        },
        _ => done);

    /// <summary>Tells of something that was found or done outside a step.</summary>
    public void Good(string text) => Mark("✓", "ok  ", Color.Green, text);

    /// <summary>Tells of something to look at that stops nothing.</summary>
    public void Warn(string text) => Mark("!", "note", Color.Yellow, text);

    /// <summary>Tells of what does not hold.</summary>
    public void Bad(string text) => Mark("✗", "FAIL", Color.Red, text);

    /// <summary>A line of plain words; empty for a gap.</summary>
    public void Say(string text = "") => Write(text, Style.Plain);

    /// <summary>A heading over lines that follow.</summary>
    public void Head(string text)
    {
        Say();
        Write(text, new Style(decoration: Decoration.Bold));
    }

    /// <summary>Lines to copy, each as it is: never wrapped.</summary>
    public void Copy(string lines)
    {
        foreach (var line in lines.Split('\n')) console.Profile.Out.Writer.WriteLine($"  {Plain(line.TrimEnd('\r'))}");
    }

    /// <summary>Asks for something that is not shown while it is typed; without a terminal it is the next line of standard input.</summary>
    /// <exception cref="CommandFailure">Nothing came, or it could be read only off a keyboard that shows it.</exception>
    public async Task<Secret> AskSecretAsync(string what, CancellationToken cancellationToken)
    {
        if (IsKeyboardAlone) throw new CommandFailure($"There is nowhere to ask for the {what}: the keyboard is a terminal's, the output is not.", "Do not redirect the output, or give it on standard input.");
        var text = IsInteractive
            ? await new TextPrompt<string>(Markup.Escape(Plain($"{what} (not shown):"))).Secret(null).AllowEmpty().ShowAsync(console, cancellationToken)
            : await Task.Run(() => input.ReadLineAsync(cancellationToken).AsTask(), cancellationToken).WaitAsync(cancellationToken);
        return text?.Trim() is { Length: > 0 } value ? new Secret(value) : throw new CommandFailure($"No {what} was given.", "Run the command again and give it.");
    }

    /// <summary>All of standard input.</summary>
    /// <exception cref="CommandFailure">It is a keyboard: what is pasted there would be shown, and stay in the scroll-back.</exception>
    public Task<string> ReadAllAsync(CancellationToken cancellationToken) => Console.IsInputRedirected
        ? Task.Run(() => input.ReadToEndAsync(cancellationToken), cancellationToken).WaitAsync(cancellationToken)
        : throw new CommandFailure("Standard input is a terminal, which would show what is pasted.", "Send it from where it is kept, as in: PROGRAM | broker ..., or give a file.");

    /// <summary>Asks yes or no; without a terminal nobody says yes.</summary>
    public async Task<bool> ConfirmAsync(string question, CancellationToken cancellationToken) =>
        IsInteractive && await new ConfirmationPrompt(Markup.Escape(Plain(question))) { DefaultValue = false }.ShowAsync(console, cancellationToken);

    /// <summary>Shows what must not stay in the scroll-back: on a screen of its own, which is gone after Enter.</summary>
    public async Task ShowOnceAsync(string lines, CancellationToken cancellationToken)
    {
        var screen = console.Profile.Out.Writer;
        await screen.WriteAsync("\e[?1049h\e[H");
        Copy(lines);
        Say();
        try
        {
            await new TextPrompt<string>("Press Enter when you have copied it; it is not shown again.").Secret(null).AllowEmpty().ShowAsync(console, cancellationToken);
        }
        finally
        {
            await screen.WriteAsync("\e[2J\e[?1049l");
            await screen.FlushAsync(CancellationToken.None);
        }
    }

    // Its line would be read with an echo.
    private bool IsKeyboardAlone => !IsInteractive && !Console.IsInputRedirected;

    private void Mark(string mark, string word, Color color, string text)
    {
        if (!IsInteractive) Say($"{word} {text}");
        else Write([new Text($"{mark} ", color), new Text(Plain(text))]);
    }

    private void Write(string text, Style style)
    {
        // Plain output is for logs and programs: no line is broken to the width of a screen that is not there.
        if (IsInteractive) Write([new Text(Plain(text), style)]);
        else console.Profile.Out.Writer.WriteLine(Plain(text));
    }

    private void Write(IEnumerable<Text> parts)
    {
        foreach (var part in parts) console.Write(part);
        console.WriteLine();
    }

    /// <summary>Text as one line that is safe to show: what comes from a vault or an instance could carry the terminal's own commands, or marks that turn a line around.</summary>
    public static string Plain(string text) => string.Concat(
        text.Take(Longest).Where(c => char.GetUnicodeCategory(c) != UnicodeCategory.Format).Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c));
}

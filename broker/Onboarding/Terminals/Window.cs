using System.Text;
using Spectre.Console;

namespace Sidecar.Broker.Onboarding.Terminals;

/// <summary>
/// Where words are written, until it is closed: what is said after that is lost, and what is being done goes on to its known
/// end. A grant is revoked whether or not somebody is there to read of it.
/// </summary>
internal sealed class Window(TextWriter words) : IAnsiConsoleOutput
{
    private readonly AnsiConsoleOutput _output = new(words);

    public TextWriter Writer { get; } = new LastingWriter(words);

    public bool IsTerminal => _output.IsTerminal;

    public int Width => _output.Width;

    public int Height => _output.Height;

    public void SetEncoding(Encoding encoding) => _output.SetEncoding(encoding);

    private sealed class LastingWriter(TextWriter words) : TextWriter
    {
        public override Encoding Encoding => words.Encoding;

        public override void Write(char value) => Try(() => words.Write(value));

        public override void Write(string? value) => Try(() => words.Write(value));

        public override void Write(char[] buffer, int index, int count) => Try(() => words.Write(buffer, index, count));

        public override void Flush() => Try(words.Flush);

        private static void Try(Action write)
        {
            try
            {
                write();
            }
            catch (IOException)
            {
                // Nobody sees it any more.
            }
        }
    }
}

using System.Globalization;
using System.Text;

namespace Sidecar.Tests.Onboarding.TerminalTests;

/// <summary>
/// What a terminal makes of what is written to it: lines on a screen, lines that have left it at the top, and a second screen
/// that leaves nothing. It knows the commands that the broker uses, and refuses any other.
/// </summary>
internal sealed class Screen(int columns, int rows)
{
    private readonly List<string> _gone = [];
    private readonly StringBuilder _aside = new();
    private readonly StringBuilder _command = new();
    private StringBuilder[] _main = Blank(rows);
    private StringBuilder[]? _alternate;
    private (int Row, int Column) _at, _left;

    /// <summary>Everything a person who scrolls up finds: what has left the screen, and the screen. Lines end where their last character is.</summary>
    public string Remains => string.Join('\n', [.. _gone, .. _main.Select(Line)]).TrimEnd('\n');

    /// <summary>All characters ever shown on the alternate screen.</summary>
    public string Aside => _aside.ToString();

    /// <summary>True while the alternate screen is shown.</summary>
    public bool IsAside => _alternate is not null;

    /// <summary>False while the cursor is hidden.</summary>
    public bool HasCursor { get; private set; } = true;

    /// <summary>True once any character was coloured.</summary>
    public bool HasColours { get; private set; }

    /// <summary>Answers that the program has asked for and that are to be typed.</summary>
    public Queue<string> Answers { get; } = [];

    private StringBuilder[] Lines => _alternate ?? _main;

    /// <summary>Takes the next character; a command may come in pieces.</summary>
    public void Take(char c)
    {
        if (_command.Length > 0 || c == '\e')
        {
            _command.Append(c);
            Obey(_command.ToString());
            return;
        }

        if (_alternate is not null && c != '\r') _aside.Append(c);
        switch (c)
        {
            case '\r': _at.Column = 0; break;
            case '\n': Down(); break;
            case '\b': _at.Column = Math.Max(0, _at.Column - 1); break;
            case '\a': break;
            case < ' ': throw new InvalidOperationException($"The screen was sent the control character {(int)c}.");
            default: Put(c); break;
        }
    }

    private void Put(char c)
    {
        if (_at.Column == columns)
        {
            _at.Column = 0;
            Down();
        }

        var line = Lines[_at.Row];
        line.Append(' ', Math.Max(0, _at.Column + 1 - line.Length));
        line[_at.Column++] = c;
    }

    private void Down()
    {
        if (++_at.Row < rows) return;
        _at.Row--;
        if (_alternate is null) _gone.Add(Line(_main[0]));
        for (var row = 1; row < rows; row++) Lines[row - 1] = Lines[row];
        Lines[^1] = new StringBuilder();
    }

    private void Obey(string command)
    {
        // ESC =, ESC > and ESC ( B: what the keypad sends, and a character set.
        if (command is "\e=" or "\e>" or "\e(B") _command.Clear();
        if (command.Length < 3 || command is [_, '(', ..])
        {
            if (command is [_, not ('[' or '(' or '=' or '>')]) Refuse(command);
            return;
        }

        if (command[^1] is < '@' or > '~') return;
        _command.Clear();
        var parameters = command[2..^1];
        var count = int.TryParse(parameters, CultureInfo.InvariantCulture, out var number) ? number : 1;
        switch (command[^1])
        {
            case 'A': _at.Row = Math.Max(0, _at.Row - count); break;
            case 'B': _at.Row = Math.Min(rows - 1, _at.Row + count); break;
            case 'C': _at.Column = Math.Min(columns - 1, _at.Column + count); break;
            case 'D': _at.Column = Math.Max(0, _at.Column - count); break;
            case 'H' when parameters.Length == 0: _at = (0, 0); break;
            case 'K' when parameters == "2": Lines[_at.Row].Clear(); break;
            case 'K' when parameters is "" or "0": Cut(Lines[_at.Row], _at.Column); break;
            case 'J' when parameters is "" or "0":
                Cut(Lines[_at.Row], _at.Column);
                foreach (var line in Lines.Skip(_at.Row + 1)) line.Clear();
                break;
            case 'J' when parameters == "2": foreach (var line in Lines) line.Clear(); break;
            case 'm': HasColours |= parameters.Split(';').Any(IsColour); break;
            case 'n' when parameters == "6": Answers.Enqueue(string.Create(CultureInfo.InvariantCulture, $"\e[{_at.Row + 1};{_at.Column + 1}R")); break;
            case 'h' or 'l' when parameters == "?25": HasCursor = command[^1] == 'h'; break;
            case 'h' or 'l' when parameters == "?1049": Switch(command[^1] == 'h'); break;
            // How the arrow keys are sent.
            case 'h' or 'l' when parameters == "?1": break;
            default: Refuse(command); break;
        }
    }

    private void Switch(bool toAlternate)
    {
        if (toAlternate == IsAside) return;
        if (toAlternate) (_left, _alternate) = (_at, Blank(rows));
        else (_at, _alternate) = (_left, null);
    }

    private static void Refuse(string command) => throw new InvalidOperationException($"The screen does not know the command ESC {command[1..]}.");

    private static bool IsColour(string parameter) => int.TryParse(parameter, CultureInfo.InvariantCulture, out var code) && code is (>= 30 and <= 38) or (>= 40 and <= 48) or (>= 90 and <= 107);

    private static void Cut(StringBuilder line, int length) => line.Length = Math.Min(line.Length, length);

    private static StringBuilder[] Blank(int rows) => [.. Enumerable.Range(0, rows).Select(_ => new StringBuilder())];

    private static string Line(StringBuilder line) => line.ToString().TrimEnd();
}

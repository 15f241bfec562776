namespace Sidecar.Shim.Settings;

/// <summary>The settings do not hold. The message names every problem, so that one look mends them all.</summary>
internal sealed class SettingsException(IReadOnlyList<string> problems)
    : Exception($"The settings do not hold:{string.Concat(problems.Select(problem => $"{Environment.NewLine}  - {problem}"))}")
{
    public IReadOnlyList<string> Problems { get; } = problems;
}

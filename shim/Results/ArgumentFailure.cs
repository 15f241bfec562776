using ModelContextProtocol.Protocol;
using Sidecar.Shim.Tools;

namespace Sidecar.Shim.Results;

/// <summary>Arguments that do not hold, all problems at once, so that one more call is enough.</summary>
internal static class ArgumentFailure
{
    public static CallToolResult Result(CatalogTool tool, IReadOnlyList<string> problems) => Failure.Of(
    [
        $"{tool.Name} was not called, because of its arguments:",
        .. problems.Select(problem => $"- {problem}"),
        Changed.Nothing,
        "Correct them and call again.",
    ]);
}

using Microsoft.Extensions.Options;

namespace Sidecar.Broker.Tokens;

/// <summary>What the broker remembers of its token requests: settings <c>Tokens__…</c>.</summary>
internal sealed class TokensOptions
{
    /// <summary>
    /// A file on an in-memory volume of the broker's own, which outlives a container restart. It keeps the access token, and
    /// when Zoho was asked for one. Default: none; a restart then knows neither.
    /// </summary>
    public string? CachePath { get; set; }
}

internal sealed class TokensOptionsValidator : IValidateOptions<TokensOptions>
{
    public ValidateOptionsResult Validate(string? name, TokensOptions options) =>
        options.CachePath is { } path && TokenFile.Problem(path) is { } problem
            ? ValidateOptionsResult.Fail($"Tokens__CachePath {path} {problem}.")
            : ValidateOptionsResult.Success;
}

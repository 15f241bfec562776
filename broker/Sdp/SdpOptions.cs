using Microsoft.Extensions.Options;

namespace Sidecar.Broker.Sdp;

/// <summary>How ServiceDesk Plus is called: settings <c>Sdp__…</c>.</summary>
internal sealed class SdpOptions
{
    /// <summary>How long one attempt of a read may take. Default: 30 seconds.</summary>
    public TimeSpan ReadTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a write may take before its outcome counts as unknown. Default: 1 minute.</summary>
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromMinutes(1);
}

internal sealed class SdpOptionsValidator : IValidateOptions<SdpOptions>
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1), Longest = TimeSpan.FromMinutes(10);

    public ValidateOptionsResult Validate(string? name, SdpOptions options)
    {
        var problems = new List<string>();
        if (options.ReadTimeout < Shortest || options.ReadTimeout > Longest) problems.Add("Sdp__ReadTimeout is not between one second and ten minutes.");
        if (options.WriteTimeout < Shortest || options.WriteTimeout > Longest) problems.Add("Sdp__WriteTimeout is not between one second and ten minutes.");
        return problems.Count > 0 ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
    }
}

using Microsoft.Extensions.Options;

namespace Sidecar.Broker.Callers;

/// <summary>Where the broker listens and to whom: settings <c>Broker__…</c>.</summary>
internal sealed class BrokerOptions
{
    /// <summary>A loopback address, or <c>unix:/run/sidecar/broker.sock</c>. Default: http://127.0.0.1:7410.</summary>
    public string Listen { get; set; } = ListenAddress.Default;

    /// <summary>User ids that may call over the socket beside the broker's own; comma separated. Default: none.</summary>
    public string AllowedUids { get; set; } = "";

    /// <summary>How long calls in flight may take to finish when the broker is asked to stop. Default: 30 seconds.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(30);

    public IEnumerable<string> Uids => AllowedUids.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}

internal sealed class BrokerOptionsValidator : IValidateOptions<BrokerOptions>
{
    public ValidateOptionsResult Validate(string? name, BrokerOptions options)
    {
        var problems = new List<string>();
        if (!ListenAddress.TryParse(options.Listen, out _, out var problem)) problems.Add(problem);
        problems.AddRange(options.Uids.Where(uid => !uint.TryParse(uid, out _)).Select(uid => $"Broker__AllowedUids: \"{uid}\" is not a user id."));
        // "30" would be 30 days.
        if (options.DrainTimeout < TimeSpan.Zero || options.DrainTimeout > TimeSpan.FromHours(1)) problems.Add("Broker__DrainTimeout has to be hh:mm:ss from 00:00:00 to 01:00:00.");
        return problems.Count > 0 ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
    }
}

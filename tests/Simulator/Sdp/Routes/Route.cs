using Sidecar.Simulator.Hosting;
using Sidecar.Simulator.Sdp.Wire;

namespace Sidecar.Simulator.Sdp.Routes;

/// <summary>One operation: path template below /api/v3, the module whose scope it needs, and what it does.</summary>
internal sealed record Route(string Method, string Template, string Module, Func<ApiCall, Answer> Handle)
{
    public string Scope => Scopes.Of(Module, Method);

    /// <summary>Whether the instance knows this spelling.</summary>
    public Func<InstanceSwitches, bool>? When { get; init; }

    /// <summary>The same, at instances of one edition alone.</summary>
    public Route At(Edition edition) => this with { When = switches => switches.Edition == edition && When?.Invoke(switches) != false };

    public string[] Segments { get; } = Template.Trim('/').Split('/');
}

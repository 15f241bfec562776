using Sidecar.Scale.Inputs;
using Sidecar.Scale.Model;

namespace Sidecar.Scale.Page;

/// <summary>docs/scale.md.</summary>
internal static class ScalePage
{
    public static string Write(InputSet inputs, PodShape pod)
    {
        var (found, text) = (new Findings(inputs, pod), new Text());
        AnswerSection.Write(text, found);
        NodesSection.Write(text, found);
        LimitsSection.Write(text, found);
        CellsSection.Write(text, found);
        StartsSection.Write(text, found);
        TrafficSection.Write(text, found);
        RolloutSection.Write(text, found);
        CostSection.Write(text, found);
        WatchSection.Write(text, found);
        InputsSection.Write(text, found);
        return text.ToString();
    }
}

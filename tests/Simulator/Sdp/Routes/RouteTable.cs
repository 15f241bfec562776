namespace Sidecar.Simulator.Sdp.Routes;

/// <summary>All routes. Literal segments win over parameters, whatever the order.</summary>
internal static class RouteTable
{
    private static readonly Route[] All =
    [
        .. RequestRoutes.All, .. ChildRoutes.All, .. ConversationRoutes.All, .. ApprovalRoutes.All, .. LinkRoutes.All,
        .. AttachmentRoutes.All, .. SetupRoutes.All, .. ModuleRoutes.All,
    ];

    private static readonly Dictionary<string, Route[]> ByMethod = All
        .GroupBy(route => route.Method)
        .ToDictionary(group => group.Key, group => group.OrderBy(route => route.Segments.Count(IsParameter)).ToArray());

    public static (Route Route, IReadOnlyDictionary<string, string> Values)? Find(string method, string path, InstanceSwitches switches)
    {
        var segments = path.Trim('/').Split('/');
        foreach (var route in ByMethod.GetValueOrDefault(method) ?? [])
            if (route.When?.Invoke(switches) != false && Match(route.Segments, segments) is { } values)
                return (route, values);
        return null;
    }

    private static Dictionary<string, string>? Match(string[] template, string[] path)
    {
        if (template.Length != path.Length)
            return null;
        var values = new Dictionary<string, string>();
        for (var i = 0; i < template.Length; i++)
        {
            if (IsParameter(template[i]))
                values[template[i].Trim('{', '}')] = path[i];
            else if (template[i] != path[i])
                return null;
        }

        return values;
    }

    private static bool IsParameter(string segment) => segment.StartsWith('{');
}

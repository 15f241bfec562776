using System.Text.Json;
using System.Text.Json.Nodes;
using Sidecar.Simulator.Hosting;
using Sidecar.Simulator.Sdp.Records;
using Route = Sidecar.Simulator.Sdp.Routes.Route;

namespace Sidecar.Simulator.Sdp.Wire;

/// <summary>One authenticated call that has found its route.</summary>
internal sealed class ApiCall(Instance instance, Exchange exchange, string email, Route route, IReadOnlyDictionary<string, string> values)
{
    private JsonObject? _input;

    public Instance Instance { get; } = instance;
    public Exchange Exchange { get; } = exchange;
    public Route Route { get; } = route;
    public InstanceSwitches Switches => Instance.Switches;
    public long Now => Instance.Clock.Milliseconds;

    /// <summary>The technician whose token or key it is.</summary>
    public JsonObject User { get; } = instance.Person(email)!;

    public string this[string name] => values[name];

    /// <summary>Reads see input_data in the query only, writes in the form only: the other place is not looked at.</summary>
    public JsonObject Input => _input ??= ReadInput();

    public bool HasInput => RawInput is not null;

    /// <summary>The records that the route's path leads to; every parent on the way has to exist.</summary>
    public Table Table(string path)
    {
        var at = "";
        foreach (var segment in path.Trim('/').Split('/'))
        {
            if (!segment.StartsWith('{'))
            {
                at = at.Length == 0 ? segment : $"{at}/{segment}";
                continue;
            }

            var id = values[segment.Trim('{', '}')];
            if (Instance.Table(at).Find(id) is null)
                throw SdpError.NotFound();
            at = $"{at}/{id}";
        }

        return Instance.Table(at);
    }

    public void Changed(string what) => Exchange.Changed = what;

    private string? RawInput
    {
        get
        {
            if (Exchange.Method == "GET")
                return Exchange.Query.GetValueOrDefault("input_data");
            if (Exchange.IsForm && Exchange.Form.TryGetValue("input_data", out var sent))
                return sent;
            return Switches.QueryStringWrites ? Exchange.Query.GetValueOrDefault("input_data") : null;
        }
    }

    private JsonObject ReadInput()
    {
        if (RawInput is not { } raw)
            return [];
        try
        {
            return JsonNode.Parse(raw) as JsonObject ?? throw SdpError.Bad(new Problem(4001, "input_data", "Unable to parse JSON"));
        }
        catch (JsonException)
        {
            throw SdpError.Bad(new Problem(4001, "input_data", "Unable to parse JSON"));
        }
    }
}

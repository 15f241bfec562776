using System.Text.Json.Nodes;
using Sidecar.Simulator.Sdp.Wire;

namespace Sidecar.Simulator.Sdp.Records;

/// <summary>A kind of record: the keys around it, its fields and which of them it cannot do without.</summary>
internal sealed record Entity(string Key, string Rows, string Module, Dictionary<string, Rule> Fields)
{
    public string[] Mandatory { get; init; } = [];

    /// <summary>Columns of a list that asks for none; null: all.</summary>
    public string[]? Columns { get; init; }

    /// <summary>Its list knows start_index and no page.</summary>
    public bool NoPage { get; init; }

    /// <summary>Keys accepted around a body; by default the one.</summary>
    public Func<InstanceSwitches, string[]>? Keys { get; init; }

    /// <summary>Times of which the first must not be after the second.</summary>
    public (string From, string To)[] Ordered { get; init; } = [];

    /// <summary>
    /// Reads the fields of a body. All problems are reported at once, as ServiceDesk Plus does; nothing is stored if there is one.
    /// </summary>
    /// <param name="call">The call.</param>
    /// <param name="existing">The record to be changed; null for a new one.</param>
    /// <param name="mandatory">What a new one needs beyond <see cref="Mandatory"/>.</param>
    public JsonObject Read(ApiCall call, JsonObject? existing, IEnumerable<string>? mandatory = null)
    {
        var body = Unwrap(call);
        List<Problem> problems = [];
        var values = new JsonObject();
        foreach (var (name, given) in body)
        {
            if (Fields.TryGetValue(name, out var rule))
                values[name] = rule(new Place(call, name, problems), given);
            else
                problems.Add(Problem.ExtraKey(name));
        }

        string[] needed = existing is null ? [.. Mandatory.Concat(mandatory ?? []).Distinct()] : [];
        // What came and was wrong is not missing as well.
        var missing = needed.Where(name => problems.TrueForAll(problem => problem.Field != name.Split('.')[^1]) && IsEmpty(Values.At(values, name))).ToArray();
        if (missing.Length > 0)
            problems.Add(Problem.Missing(missing));
        foreach (var cleared in Mandatory.Where(name => existing is not null && body.ContainsKey(name) && IsEmpty(body[name])))
            problems.Add(Problem.Missing(cleared));
        foreach (var (from, to) in Ordered)
            if (Times.Of(values[from] ?? existing?[from]) > Times.Of(values[to] ?? existing?[to]))
                problems.Add(new Problem(4016, to));
        if (problems.Count > 0)
            throw new SdpError(problems.Exists(problem => problem.Code == 4002) ? 403 : 400, problems);
        return values;
    }

    public string ReplyKey(ApiCall call) => AcceptedKeys(call).FirstOrDefault(call.Input.ContainsKey) ?? AcceptedKeys(call)[0];

    public JsonObject Unwrap(ApiCall call)
    {
        var keys = AcceptedKeys(call);
        if (!call.HasInput)
            throw SdpError.Bad(new Problem(4012, null, "Value not provided") { Fields = [keys[0]] });
        foreach (var (name, _) in call.Input)
            if (!keys.Contains(name))
                throw SdpError.Bad(Problem.ExtraKey(name));
        var key = keys.FirstOrDefault(call.Input.ContainsKey) ?? throw SdpError.Bad(Problem.Missing(keys[0]));
        return call.Input[key] as JsonObject ?? throw SdpError.Bad(Problem.Unparsable(key));
    }

    private string[] AcceptedKeys(ApiCall call) => Keys?.Invoke(call.Switches) ?? [Key];

    private static bool IsEmpty(JsonNode? value) =>
        value is null or JsonArray { Count: 0 } || value is JsonValue text && text.ToString().Length == 0;
}

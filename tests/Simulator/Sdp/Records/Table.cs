using System.Text.Json.Nodes;
using Sidecar.Simulator.Sdp.Wire;

namespace Sidecar.Simulator.Sdp.Records;

/// <summary>Records of one kind, in the order they were made. Members whose name starts with "_" never leave the simulator.</summary>
internal sealed class Table
{
    private readonly OrderedDictionary<string, JsonObject> _rows = [];

    public IReadOnlyList<JsonObject> Rows => _rows.Values;

    public JsonObject? Find(string id) => _rows.GetValueOrDefault(id);

    /// <exception cref="SdpError">4007: there is none.</exception>
    public JsonObject Get(string id) => Find(id) ?? throw SdpError.NotFound();

    public JsonObject Add(JsonObject row)
    {
        _rows[(string)row["id"]!] = row;
        return row;
    }

    public bool Remove(string id) => _rows.Remove(id);

    public JsonObject? Named(string name) =>
        _rows.Values.FirstOrDefault(row => string.Equals((string?)(row["name"] as JsonValue), name, StringComparison.OrdinalIgnoreCase));
}

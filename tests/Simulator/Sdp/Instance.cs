using System.Globalization;
using System.Text.Json.Nodes;
using Sidecar.Simulator.Sdp.Records;

namespace Sidecar.Simulator;

/// <summary>One portal with its records.</summary>
public sealed class Instance
{
    private readonly Dictionary<string, Table> _tables = [];
    private readonly List<OutboxMessage> _outbox = [];
    private readonly Lock _gate = new();
    private readonly Lock _world;
    private long _lastId;
    private int _lastDisplayId;

    internal Instance(string name, string domain, SimulatorClock clock, Lock world)
    {
        _world = world;
        Name = name;
        Host = $"{name}.sdp.{domain}";
        Clock = clock;
    }

    /// <summary>The portal's name in the path.</summary>
    public string Name { get; }

    /// <summary>How it behaves; replace as a whole.</summary>
    public InstanceSwitches Switches { get; set; } = new();

    /// <summary>E-mail addresses of its technicians.</summary>
    public IReadOnlyList<string> TechnicianEmails => [.. Table("technicians").Rows.Select(row => (string)row["email_id"]!)];

    /// <summary>Mails that it would have sent.</summary>
    public IReadOnlyList<OutboxMessage> Outbox
    {
        get
        {
            lock (_gate)
                return [.. _outbox];
        }
    }

    /// <summary>A copy of a record as it is stored, by collection path (such as <c>requests</c>) and long id.</summary>
    public JsonObject? Record(string path, string id)
    {
        lock (_world)
            return Table(path).Find(id)?.DeepClone().AsObject();
    }

    /// <summary>Copies of all records of a collection, such as <c>requests</c> or <c>requests/{id}/notes</c>.</summary>
    public IReadOnlyList<JsonObject> Records(string path)
    {
        lock (_world)
            return [.. Table(path).Rows.Select(row => row.DeepClone().AsObject())];
    }

    /// <summary>Technician keys, for an instance on premises.</summary>
    public TechnicianKeys Keys { get; } = new();

    /// <summary>The host that an instance on premises has for itself.</summary>
    public string Host { get; }

    /// <summary>Id of the portal, as the PORTALID header names it.</summary>
    public const string PortalId = "1";

    internal SimulatorClock Clock { get; }

    internal string NameOf(string email) => (string?)Person(email)?["name"] ?? email;

    internal bool HasTechnician(string email) =>
        Table("technicians").Rows.Any(row => string.Equals((string?)row["email_id"], email, StringComparison.OrdinalIgnoreCase));

    internal JsonObject? Person(string email) => Table("technicians").Rows.Concat(Table("requesters").Rows)
        .FirstOrDefault(row => string.Equals((string?)row["email_id"], email, StringComparison.OrdinalIgnoreCase));

    /// <summary>The records under a path; children have their parent's id in it.</summary>
    internal Table Table(string path)
    {
        lock (_gate)
            return _tables.TryGetValue(path, out var table) ? table : _tables[path] = new Table();
    }

    private bool IsOnPrem => Switches.Edition == Edition.OnPrem;

    /// <summary>18 digits, beyond what a double can hold; on premises they count up from a small number.</summary>
    internal string NextId() => (_lastId += IsOnPrem ? 1 : 7).ToString(CultureInfo.InvariantCulture);

    internal string NextDisplayId() => (++_lastDisplayId).ToString(CultureInfo.InvariantCulture);

    internal void Send(OutboxMessage message)
    {
        lock (_gate)
            _outbox.Add(message with { Seq = _outbox.Count + 1 });
    }

    internal void Reset()
    {
        lock (_gate)
        {
            _tables.Clear();
            _outbox.Clear();
            Keys.Clear();
            Switches = Name == World.OnPremPortal ? InstanceSwitches.OnPremises : new();
            _lastId = IsOnPrem ? 300 : Name == World.DefaultPortal ? 234567000000100000 : 765432000000100000;
            _lastDisplayId = Name == World.DefaultPortal ? 33600 : 100;
        }
    }
}

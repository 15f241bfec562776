using System.Text.RegularExpressions;

namespace Sidecar.Simulator;

/// <summary>The misbehaviours that are waiting. The first added that fits a request strikes it.</summary>
public sealed class FaultList
{
    private sealed class Pending(Fault fault)
    {
        public Fault Fault { get; } = fault;
        public Regex? Path { get; } = fault.Path is null ? null : new Regex(fault.Path, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        public int Skip { get; set; } = fault.Skip;
        public int Left { get; set; } = fault.Times ?? int.MaxValue;
    }

    private readonly Lock _gate = new();
    private readonly List<Pending> _pending = [];

    private TaskCompletionSource _cleared = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Raised when new connections of a service begin to suffer: those that are open then have to go too.</summary>
    internal event Action<Service>? Refusing;

    /// <summary>Completes when the faults that are waiting now are removed.</summary>
    internal Task Cleared => _cleared.Task;

    /// <summary>Adds one.</summary>
    /// <exception cref="ArgumentException">The path is no regular expression.</exception>
    public void Add(Fault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        lock (_gate)
            _pending.Add(new Pending(fault));
        if (fault.IsOfConnections)
            Refusing?.Invoke(fault.Service);
    }

    /// <summary>Removes all.</summary>
    public void Clear()
    {
        lock (_gate)
            _pending.Clear();
        Interlocked.Exchange(ref _cleared, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }

    /// <summary>Those still waiting.</summary>
    public IReadOnlyList<Fault> Waiting
    {
        get
        {
            lock (_gate)
                return [.. _pending.Select(pending => pending.Fault)];
        }
    }

    internal bool TakeForConnection(Service service, FaultKind kind) =>
        Take(pending => pending.Fault.Kind == kind && pending.Fault.Service == service) is not null;

    internal Fault? Take(Service service, string method, string path) => Take(pending =>
        !pending.Fault.IsOfConnections
        && pending.Fault.Service == service
        && (pending.Fault.Method is null || pending.Fault.Method.Equals(method, StringComparison.OrdinalIgnoreCase))
        && pending.Path?.IsMatch(path) != false);

    private Fault? Take(Func<Pending, bool> fits)
    {
        lock (_gate)
        {
            foreach (var pending in _pending)
            {
                if (!fits(pending))
                    continue;
                if (pending.Skip-- > 0)
                    continue;
                if (--pending.Left <= 0)
                    _pending.Remove(pending);
                return pending.Fault;
            }

            return null;
        }
    }
}

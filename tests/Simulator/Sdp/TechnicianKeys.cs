using Sidecar.Simulator.Hosting;

namespace Sidecar.Simulator;

/// <summary>Technician keys of an instance on premises: each names a technician, until another takes its place.</summary>
public sealed class TechnicianKeys
{
    private readonly Dictionary<string, string> _emails = [];
    private readonly Queue<DateTimeOffset> _failures = [];

    /// <summary>Ends every key, as when a technician may no longer sign in.</summary>
    public void Revoke()
    {
        lock (_emails)
            _emails.Clear();
    }

    /// <summary>Generates a key; the technician's old one ends.</summary>
    internal string Generate(string email)
    {
        lock (_emails)
        {
            foreach (var (old, _) in _emails.Where(pair => pair.Value == email).ToList())
                _emails.Remove(old);
            var key = Fakes.TechnicianKey();
            _emails[key] = email;
            return key;
        }
    }

    /// <returns>Whose key it is, or null; a wrong one counts as a failure.</returns>
    internal string? Find(string? key, DateTimeOffset now)
    {
        lock (_emails)
        {
            if (key is not null && _emails.TryGetValue(key, out var email))
                return email;
            _failures.Enqueue(now);
            return null;
        }
    }

    /// <summary>True once there were that many failures within the last minute.</summary>
    internal bool IsLocked(int most, DateTimeOffset now)
    {
        lock (_emails)
        {
            while (_failures.TryPeek(out var oldest) && now - oldest >= TimeSpan.FromMinutes(1))
                _failures.Dequeue();
            return _failures.Count >= most;
        }
    }

    internal void Clear()
    {
        lock (_emails)
        {
            _emails.Clear();
            _failures.Clear();
        }
    }
}

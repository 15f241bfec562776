namespace Sidecar.Broker.Onboarding.Bulk;

/// <summary>Counts what became of the rows so far; several workers tell it at once.</summary>
internal sealed class BulkTally(IReadOnlyList<BulkRow> rows)
{
    // So many rows in succession that fail for a reason that is not their own: the next ones would, too.
    private const int Hopeless = 20;

    private readonly Lock _gate = new();
    private readonly Dictionary<BulkRow, RowResult> _results = new(ReferenceEqualityComparer.Instance);
    private int _sharedFailures;

    /// <summary>All rows in the order of the list.</summary>
    public IReadOnlyList<RowResult> Results
    {
        get
        {
            lock (_gate) return [.. rows.Select(row => _results.GetValueOrDefault(row) ?? new RowResult(row, RowOutcome.NotReached, "The run ended before it was its turn."))];
        }
    }

    /// <summary>Rows that are dealt with.</summary>
    public int Done
    {
        get
        {
            lock (_gate) return _results.Count;
        }
    }

    /// <summary>True if it makes no sense to go on: vault, network or Zoho fail row after row.</summary>
    public bool IsHopeless
    {
        get
        {
            lock (_gate) return _sharedFailures >= Hopeless;
        }
    }

    public void Add(RowResult result)
    {
        lock (_gate)
        {
            _results[result.Row] = result;
            // A row that is bad in itself says nothing of the others.
            if (result.Row.IsGood) _sharedFailures = result.IsShared ? _sharedFailures + 1 : 0;
        }
    }

    /// <summary>Such as "12 added, 3 failed".</summary>
    public override string ToString()
    {
        lock (_gate)
        {
            var counts = _results.Values.CountBy(result => result.Outcome).OrderBy(count => count.Key).Select(count => $"{count.Value} {BulkReport.Name(count.Key)}");
            return _results.Count == 0 ? "none yet" : string.Join(", ", counts);
        }
    }
}

namespace Sidecar.Scale.Model;

/// <summary>Users spread by a hash. It never spreads them evenly: the fullest shard has to hold as well.</summary>
internal static class Shards
{
    // The chance that one shard in thousands is fuller is negligible.
    private const double Deviations = 4;

    /// <summary>The fewest shards of which none gets more than the capacity.</summary>
    public static int For(double users, double capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        var shards = Math.Max(1, (int)Math.Ceiling(users / capacity));
        while (Fullest(users, shards) > capacity && shards < users) shards++;
        return shards;
    }

    /// <summary>Users to expect in the fullest one.</summary>
    public static int Fullest(double users, int shards) =>
        (int)Math.Ceiling(Math.Min(users, users / shards + Deviations * Math.Sqrt(users / shards * (1 - 1.0 / shards))));
}

namespace Sidecar.Scale.Model;

/// <summary>How many cells so many users make, and what is in the fullest.</summary>
internal sealed record Cells(int Count, int Users, int Namespaces, int Gateways, int ResourceGroups)
{
    public static Cells Of(double users, Limits limits)
    {
        var count = Shards.For(users, limits.Cell.Users);
        var fullest = Shards.Fullest(users, count);
        return new Cells(count, fullest, Shards.For(fullest, limits.Deployments.Users), Shards.For(fullest, limits.Routes.Users), limits.Identities.Needed(fullest));
    }
}

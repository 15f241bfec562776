namespace Sidecar.Scale.Model;

/// <summary>Something of which there is only so much.</summary>
/// <param name="What">What runs out.</param>
/// <param name="Of">Of one what.</param>
/// <param name="Capacity">How much there is.</param>
/// <param name="EachUser">How much of it a user takes.</param>
/// <param name="Unit">What both are counted in.</param>
internal sealed record Limit(string What, string Of, double Capacity, double EachUser, string Unit)
{
    /// <summary>Users that one holds. A share such as 1/300 has no exact double, and must not cost a user.</summary>
    public double Users => Math.Floor(Capacity / EachUser * (1 + 1e-12));

    /// <summary>How many of them so many users need, if they are filled one after the other.</summary>
    public int Needed(double users) => (int)Math.Ceiling(users / Users);
}

using Sidecar.Scale.Inputs;

namespace Sidecar.Scale.Model;

/// <summary>Dollars a month, all users together.</summary>
internal sealed record Cost(double Nodes, double Clusters, double Vault, double Logs)
{
    private const double DaysAMonth = 365.0 / 12, SecondsADay = 86400;

    public double Total => Nodes + Clusters + Vault + Logs;

    public static Cost Always(int users, Packing packing, int cells, InputSet inputs) => Of(users, users, packing, cells, inputs);

    /// <summary>With scale to zero, and nodes that come and go with the pods.</summary>
    public static Cost ToZero(int users, Packing packing, int cells, InputSet inputs) => Of(users, users * inputs["use.mean"], packing, cells, inputs);

    // Each cell has nodes of its own, and spare ones of its own.
    private static Cost Of(int users, double pods, Packing packing, int cells, InputSet inputs) => new(
        cells * packing.NodesWithSpare(pods / cells, inputs) * (packing.Node.DollarsAnHour * inputs["price.hours"] + inputs["price.disk"]),
        cells * (inputs["price.cluster"] * inputs["price.hours"] + inputs["price.cell"]),
        Traffic.VaultCallsASecond(pods, inputs) * SecondsADay * DaysAMonth / 10_000 * inputs["price.vault"],
        Traffic.LogGigabytesADay(users, pods, inputs) * DaysAMonth * inputs["price.log"]);
}

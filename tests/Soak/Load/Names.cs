namespace Sidecar.Soak.Load;

/// <summary>Names that the simulated instance knows.</summary>
internal sealed record Names(IReadOnlyList<string> Priorities, IReadOnlyList<string> Requesters, IReadOnlyList<string> Requests)
{
    public static Names Of(Simulator.Instance instance) => new(
        [.. instance.Records("priorities").Select(row => (string)row["name"]!)],
        [.. instance.Records("requesters").Select(row => (string?)row["email_id"]).OfType<string>().Where(address => address.Length > 0).Take(50)],
        [.. instance.Records("requests").Select(row => (string)row["id"]!).Take(100)]);
}

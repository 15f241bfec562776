using Sidecar.Scale.Model;

namespace Sidecar.Scale.Page;

internal static class TrafficSection
{
    public static void Write(Text text, Findings found)
    {
        var inputs = found.Inputs;
        text.Heading("Steady state")
            .Table(
                [">users", ">vault reads/s", ">of the limit, in the fullest cell", ">Entra tokens/s", ">Zoho tokens/s", ">log GB/day", ">metric series"],
                inputs.Users.Select(users => (string[])
                [
                    Say.Count(users), Say.Number(Traffic.VaultCallsASecond(users, inputs)),
                    Say.Percent(found.CellsOf(users).Users / found.Limits.VaultAtRest.Users),
                    Say.Number(Traffic.EntraTokensASecond(users, inputs)), Say.Number(Traffic.ZohoTokensASecond(users, inputs)),
                    Say.Number(Traffic.LogGigabytesADay(users, users, inputs)), Say.Count(users * inputs["azure.series_a_pod"]),
                ]));
    }
}

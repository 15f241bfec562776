using Sidecar.Scale.Inputs;

namespace Sidecar.Scale.Model;

/// <summary>What so many running pods send, day in, day out.</summary>
internal static class Traffic
{
    public static double VaultCallsASecond(double pods, InputSet inputs) => pods / inputs["vault.refresh"];

    public static double EntraTokensASecond(double pods, InputSet inputs) => pods / inputs["entra.token_life"];

    public static double ZohoTokensASecond(double pods, InputSet inputs) => pods / inputs["zoho.token_life"];

    /// <summary>GB a day: calls come from all users, idle lines only from pods that run.</summary>
    public static double LogGigabytesADay(double users, double pods, InputSet inputs) =>
        (users * inputs["use.calls"] * inputs["use.lines_a_call"] + pods * inputs["use.lines_idle"]) * inputs["use.bytes_a_line"] / 1e9;
}

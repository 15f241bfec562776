using Sidecar.Simulator;

namespace Sidecar.Soak.Trouble;

/// <summary>How Zoho accounts, Key Vault and Entra misbehave, and what happens to the credential. None of it asks for a pause of minutes.</summary>
internal static class AccountTroubles
{
    private static readonly Dictionary<string, string> SoonAgain = new() { ["Retry-After"] = "1" };

    /// <summary>Each with the token calls that it costs.</summary>
    public static IEnumerable<Func<(string Name, Blow Blow, Fault[] Faults, int TokenCalls)>> All(Random dice)
    {
        yield return () => ("tokens expire", Blow.ExpireTokens, [], 1);
        yield return () => ("credential rotated", Blow.RotateCredential, [], 1);
        yield return () => ("credential revoked, then rotated", Blow.RotateRevokedCredential, [], 2);
        yield return () => ("token server fails", Blow.ExpireTokens, [Draw(Service.Accounts, FaultKind.Reset, FaultKind.Html, FaultKind.Truncate, FaultKind.Status)], 2);
        yield return () => ("token server slow", Blow.ExpireTokens, [Draw(Service.Accounts, FaultKind.Delay, FaultKind.Drip)], 1);
        yield return () => ("vault fails", Blow.None, [Draw(Service.Vault, FaultKind.Reset, FaultKind.Html, FaultKind.Status, FaultKind.Garbage), Draw(Service.Vault, FaultKind.Refuse)], 0);
        yield return () => ("vault throttles", Blow.None, [new Fault { Service = Service.Vault, Kind = FaultKind.Status, Status = 429, Headers = SoonAgain, Times = 3 }], 0);
        yield return () => ("vault slow", Blow.None, [Draw(Service.Vault, FaultKind.Delay, FaultKind.Drip)], 0);
        yield return () => ("vault and sign-in fail", Blow.RotateCredential, [Draw(Service.Vault, FaultKind.Status), Draw(Service.Entra, FaultKind.Status, FaultKind.Reset)], 1);

        Fault Draw(Service service, params FaultKind[] kinds)
        {
            var kind = kinds[dice.Next(kinds.Length)];
            return new Fault
            {
                Service = service,
                Kind = kind,
                Status = kind != FaultKind.Status ? null : dice.Next(2) == 0 ? 500 : 503,
                DelayMs = dice.Next(100, 800),
                Times = service == Service.Accounts ? 1 : dice.Next(1, 4),
            };
        }
    }
}

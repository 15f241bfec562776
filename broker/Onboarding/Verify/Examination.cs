using System.Runtime.CompilerServices;
using Sidecar.Broker.Credentials;

namespace Sidecar.Broker.Onboarding.Verify;

/// <summary>
/// Looks whether a credential is what it should be: Zoho takes it, it is the person's, it reaches the instance, and it may
/// do what is wanted. It reads a few rows and changes nothing.
/// </summary>
internal sealed class Examination(Surroundings surroundings)
{
    private static readonly TimeSpan MuchSkew = TimeSpan.FromMinutes(5);

    public async IAsyncEnumerable<Finding> OfAsync(Credential credential, UserName user, AccessWish wish, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (DataCentreCheck.Of(credential) is { } centre) yield return centre;
        await using var connection = surroundings.Connect(credential);
        var (token, finding) = await TokenCheck.OfAsync(connection, credential, user, cancellationToken);
        yield return finding;
        if (token is null) yield break;

        if (IdentityCheck.OwnWord(credential, user) is { } mismatch) yield return mismatch;
        using (var grants = surroundings.Grants()) yield return await IdentityCheck.ProviderWordAsync(grants, credential, user, token, cancellationToken);

        var probes = new Probes(connection);
        // What can be read comes first.
        var scopes = wish.SdpScopes.OrderBy(scope => Paths(scope).Count == 0).ToList();
        var instance = await InstanceCheck.OfAsync(probes, credential, scopes.SelectMany(Paths), cancellationToken);
        yield return instance;
        if (instance.Verdict == Verdict.Bad) yield break;

        foreach (var scope in scopes)
            if (await ScopeCheck.OfAsync(probes, credential, user, scope, cancellationToken) is { } may) yield return may;
        yield return Clock(connection.ClockAhead);

        IReadOnlyList<string> Paths(string scope) => ScopeProbe.PathsOf(scope, credential is OnPremCredential);
    }

    private static Finding Clock(TimeSpan? ahead) => ahead switch
    {
        null => Finding.Note("clock", "The instance's answers carry no date, so its clock was not looked at."),
        { } skew when skew.Duration() < MuchSkew => Finding.Good("clock", "The instance's clock agrees with this machine's."),
        { } skew => Finding.Note(
            "clock", $"The instance's clock is {Ago.Tell(skew.Duration())} {(skew > TimeSpan.Zero ? "ahead of" : "behind")} this machine's.", "Set the clock of whichever is wrong."),
    };
}

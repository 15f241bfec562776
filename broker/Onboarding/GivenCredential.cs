using Sidecar.Broker.Credentials;
using Sidecar.Broker.Onboarding.Terminals;

namespace Sidecar.Broker.Onboarding;

/// <summary>A credential that exists already.</summary>
internal static class GivenCredential
{
    private const string Origin = "given";

    /// <param name="file">Path, or <c>-</c> for standard input.</param>
    /// <param name="wish">Whose it has to be, and of which kind.</param>
    /// <param name="terminal">Has standard input.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="CommandFailure">There is none; nothing of it is quoted.</exception>
    public static async Task<Credential> ReadAsync(string file, OnboardWish wish, Terminal terminal, CancellationToken cancellationToken)
    {
        var place = file == "-" ? "Standard input" : file;
        string json;
        try
        {
            json = file == "-" ? await terminal.ReadAllAsync(cancellationToken) : await File.ReadAllTextAsync(file, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure($"{file} cannot be read: {exception.Message}", "Check --credential.", exception);
        }

        if (!CredentialJson.TryParse(json, Origin, out var credential, out var problem)) throw new CommandFailure($"{place} is not a credential: {problem}.", "Correct it; README says what a credential looks like.");
        if (wish.Kind is { } kind && kind != credential.Kind) throw new CommandFailure($"{place} is a credential of kind {credential.Kind}, not {kind}.", "Leave --kind out, or give another.");
        return credential;
    }

    /// <summary>Holds a credential made of answers to the rules for a stored one.</summary>
    public static Credential Check(Credential credential) => CredentialJson.TryParse(CredentialJson.Write(credential), Origin, out var checkedOne, out var problem)
        ? checkedOne
        : throw new CommandFailure($"This makes no credential: {problem}.", "Run the command again and correct it.");
}

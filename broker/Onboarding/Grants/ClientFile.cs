using System.Text.Json;
using Sidecar.Broker.Credentials;
using Sidecar.Broker.Onboarding.Terminals;

namespace Sidecar.Broker.Onboarding.Grants;

/// <summary>The company's OAuth client: from a file, or its id from the command line and its secret asked for.</summary>
internal static class ClientFile
{
    public static async Task<ZohoClient> ReadAsync(OnboardWish wish, Terminal terminal, CancellationToken cancellationToken)
    {
        if (wish.ClientFile is { } file) return await ReadAsync(file.FullName, cancellationToken);
        if (wish.ClientId is not { } id) throw new CommandFailure("Which OAuth client? A grant is made for one.", "Register one in Zoho's API console and give --client-id, or --client-file.");
        return new ZohoClient(id, await terminal.AskSecretAsync("client secret", cancellationToken));
    }

    private static async Task<ZohoClient> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            using var document = JsonDocument.Parse(await File.ReadAllBytesAsync(path, cancellationToken));
            if (document.RootElement is { ValueKind: JsonValueKind.Object } root && Text(root, "client_id") is { } id && Text(root, "client_secret") is { } secret)
                return new ZohoClient(id, new Secret(secret));
        }
        catch (JsonException)
        {
            // What the parser stumbled over may be the secret.
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure($"{path} cannot be read: {exception.Message}", "Check --client-file.", exception);
        }

        throw new CommandFailure($"{path} is not JSON with \"client_id\" and \"client_secret\".", "Correct the file.");
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString()?.Trim() is { Length: > 0 } text ? text : null;
}

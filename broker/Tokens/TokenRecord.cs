using System.Text.Json;
using System.Text.Json.Serialization;
using Sidecar.Broker.Credentials;
using Sidecar.Contract;

namespace Sidecar.Broker.Tokens;

/// <summary>What outlives a restart. All moments are times since the machine started, see <see cref="Uptime"/>.</summary>
internal sealed record TokenRecord
{
    public const int CurrentFormat = 1;

    public required int Format { get; init; }

    /// <summary>Which start of the machine the moments count from.</summary>
    public required string Boot { get; init; }

    /// <summary>When this was written.</summary>
    public required TimeSpan Saved { get; init; }

    /// <summary>Token requests that still count against Zoho's limit, oldest first.</summary>
    public required IReadOnlyList<TokenCall> Calls { get; init; }

    /// <summary>Why there is no token.</summary>
    public TokenFailure? Failure { get; init; }

    public StoredToken? Token { get; init; }
}

/// <summary>One request for a token.</summary>
/// <param name="Grant">Fingerprint of the refresh token, to which Zoho's limit belongs.</param>
/// <param name="At">When.</param>
internal sealed record TokenCall(string Grant, TimeSpan At);

/// <summary>What came of the last request, where it was no token.</summary>
/// <param name="Credential">Fingerprint of what was refused, or could not be used.</param>
/// <param name="Grant">Fingerprint of its refresh token; a pause is asked of all versions that have it.</param>
/// <param name="State">Whether it is final, for a while, or perhaps only this once.</param>
/// <param name="Message">Why, for people; no secret in it.</param>
/// <param name="Until">When Zoho may be asked again; of no meaning for a refusal.</param>
internal sealed record TokenFailure(string Credential, string Grant, TokenState State, string Message, TimeSpan Until);

/// <summary>An access token as it is kept.</summary>
/// <param name="Credential">Fingerprint of what it was made from.</param>
/// <param name="Value">The token.</param>
/// <param name="Asked">When it was asked for.</param>
/// <param name="Expires">When Zoho ends it.</param>
internal sealed record StoredToken(string Credential, Secret Value, TimeSpan Asked, TimeSpan Expires);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    WriteIndented = true,
    Converters = [typeof(SecretConverter)])]
[JsonSerializable(typeof(TokenRecord))]
internal sealed partial class TokenJson : JsonSerializerContext;

internal sealed class SecretConverter : JsonConverter<Secret>
{
    public override Secret Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(reader.GetString() ?? throw new JsonException());

    public override void Write(Utf8JsonWriter writer, Secret value, JsonSerializerOptions options) => writer.WriteStringValue(value.Reveal());
}

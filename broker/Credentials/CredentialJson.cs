using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using Sidecar.Broker.Sdp;

namespace Sidecar.Broker.Credentials;

/// <summary>Reads the JSON that holds a credential, and names everything that is wrong with it without quoting it.</summary>
internal static class CredentialJson
{
    /// <summary>Key Vault's own limit for a secret.</summary>
    public const int MaxBytes = 25 * 1024;

    /// <summary>Kinds of credential that this broker serves.</summary>
    public static readonly string[] Kinds = [CloudCredential.KindName, OnPremCredential.KindName];

    // Members that one kind has and the other has not.
    private static readonly string[] KindMembers = ["client_id", "client_secret", "refresh_token", "accounts_url", "technician_key"];

    public static bool TryParse(string json, string version, [NotNullWhen(true)] out Credential? credential, out string problem)
    {
        credential = null;
        // Editors on Windows put a byte order mark before it.
        json = json.TrimStart('\uFEFF');
        if (json.Length > MaxBytes) return Fail($"it is larger than {MaxBytes} bytes", out problem);

        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(Encoding.UTF8.GetString(AnswerText.Repair(Encoding.UTF8.GetBytes(json)).Span));
        }
        catch (JsonException)
        {
            // The parser's message may quote what it stumbled over.
            return Fail("it is not JSON", out problem);
        }

        using (document)
        {
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object) return Fail("it is not a JSON object", out problem);

            var reader = new Reader(root);
            var read = reader.Text("kind") switch
            {
                CloudCredential.KindName => Cloud(reader, version),
                OnPremCredential.KindName => OnPrem(reader, version),
                // Without a kind, what the others should be is a guess.
                null when root.TryGetProperty("technician_key", out _) => OnPrem(reader, version),
                null => Cloud(reader, version),
                _ => Unknown(reader),
            };
            foreach (var member in reader.Strangers()) reader.Problem($"{(IsName(member) ? $"\"{member}\"" : "one member")} is not a member of a credential");
            if (reader.Problems.Count > 0) return Fail(string.Join("; ", reader.Problems), out problem);
            credential = read!;
            problem = "";
            return true;
        }
    }

    /// <summary>The JSON that <see cref="TryParse"/> reads back. It holds secrets: it goes into a vault and nowhere else.</summary>
    public static string Write(Credential credential)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("kind", credential.Kind);
            if (credential is CloudCredential cloud)
            {
                json.WriteString("client_id", cloud.ClientId);
                json.WriteString("client_secret", cloud.ClientSecret.Reveal());
                json.WriteString("refresh_token", cloud.RefreshToken.Reveal());
                json.WriteString("accounts_url", cloud.AccountsUrl.GetLeftPart(UriPartial.Authority));
            }
            else if (credential is OnPremCredential onPrem)
            {
                json.WriteString("technician_key", onPrem.TechnicianKey.Reveal());
            }

            json.WriteString("base_url", credential.BaseUrl.GetLeftPart(UriPartial.Authority));
            if (credential.Portal is { } portal) json.WriteString("portal", portal);
            json.WriteString("technician_email", credential.TechnicianEmail);
            json.WriteEndObject();
        }

        var text = Encoding.UTF8.GetString(buffer.WrittenSpan);
        buffer.Clear();
        return text;
    }

    // Everything is read before anything is judged, so that all problems are named at once.
    private static CloudCredential? Cloud(Reader reader, string version)
    {
        var (clientId, clientSecret, refreshToken) = (reader.Text("client_id"), reader.Text("client_secret"), reader.Text("refresh_token"));
        var accountsUrl = reader.Url("accounts_url");
        var (baseUrl, portal, technician) = Common(reader);
        return reader.Problems.Count > 0 ? null : new CloudCredential(
            clientId!, new Secret(clientSecret!), new Secret(refreshToken!), accountsUrl!, baseUrl!, portal, technician!, version);
    }

    private static OnPremCredential? OnPrem(Reader reader, string version)
    {
        var key = reader.Text("technician_key");
        // It travels in a header, which holds nothing else.
        if (key is not null && !key.All(c => c is > ' ' and <= '~')) reader.Problem("\"technician_key\" holds a character that no key has");
        var (baseUrl, portal, technician) = Common(reader);
        return reader.Problems.Count > 0 ? null : new OnPremCredential(new Secret(key!), baseUrl!, portal, technician!, version);
    }

    private static Credential? Unknown(Reader reader)
    {
        reader.Problem($"\"kind\" is neither \"{CloudCredential.KindName}\" nor \"{OnPremCredential.KindName}\"");
        Common(reader);
        reader.Ignore(KindMembers);
        return null;
    }

    private static (Uri? BaseUrl, string? Portal, string? Technician) Common(Reader reader)
    {
        var (baseUrl, portal, technician) = (reader.Url("base_url"), reader.Text("portal", required: false), reader.Text("technician_email"));
        if (technician is not null && !technician.Contains('@')) reader.Problem("\"technician_email\" is not an e-mail address");
        if (portal is not null && !IsPortal(portal)) reader.Problem("\"portal\" is not a segment of a URL, such as itdesk, nor an id");
        return (baseUrl, portal, technician);
    }

    /// <summary>True for what can be a portal: a segment of a URL, or an id.</summary>
    public static bool IsPortal(string portal) =>
        portal.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') && portal.Any(c => c != '.');

    private static bool IsName(string member) => member.Length <= 30 && member.All(c => char.IsAsciiLetterLower(c) || c == '_');

    private static bool Fail(string what, out string problem)
    {
        problem = what;
        return false;
    }

    private sealed class Reader(JsonElement root)
    {
        private readonly HashSet<string> _asked = [];

        public List<string> Problems { get; } = [];

        public void Problem(string problem) => Problems.Add(problem);

        public void Ignore(IEnumerable<string> members) => _asked.UnionWith(members);

        /// <summary>Members that nothing asked for. What does not look like a member's name may be a secret in the wrong place.</summary>
        public List<string> Strangers() => root.EnumerateObject().Select(member => member.Name).Where(name => !_asked.Contains(name)).ToList();

        public string? Text(string name, bool required = true)
        {
            _asked.Add(name);
            var text = root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()!.Trim() : null;
            if (!string.IsNullOrEmpty(text)) return text;
            if (value.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.String)) Problem($"\"{name}\" is not text");
            else if (required) Problem($"\"{name}\" is missing");
            return null;
        }

        public Uri? Url(string name)
        {
            if (Text(name) is not { } text) return null;
            if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme != Uri.UriSchemeHttps || url.UserInfo.Length > 0)
                Problem($"\"{name}\" is not an https URL");
            else if (url.PathAndQuery != "/")
                Problem($"\"{name}\" has a path: give the server alone, and the portal under \"portal\"");
            else
                return url;
            return null;
        }
    }
}

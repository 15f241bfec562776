using System.Text.Json;

namespace Sidecar.Broker.Onboarding.Verify;

/// <summary>Findings for programs, on one line.</summary>
internal static class FindingsJson
{
    public static void Write(Stream stream, UserName user, IReadOnlyCollection<Finding> findings)
    {
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("user", user.Email);
            json.WriteBoolean("ok", findings.All(finding => finding.Verdict != Verdict.Bad));
            json.WriteStartArray("findings");
            foreach (var finding in findings)
            {
                json.WriteStartObject();
                json.WriteString("check", finding.Check);
                json.WriteString("verdict", finding.Verdict switch { Verdict.Good => "good", Verdict.Note => "note", _ => "bad" });
                json.WriteString("text", finding.Text);
                json.WriteString("remedy", finding.Remedy);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        stream.Write("\n"u8);
    }
}

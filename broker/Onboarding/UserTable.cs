using System.Globalization;
using System.Text.Json;
using Sidecar.Broker.Credentials;
using Sidecar.Broker.Onboarding.Terminals;
using Sidecar.Broker.Onboarding.Vault;
using Spectre.Console;

namespace Sidecar.Broker.Onboarding;

/// <summary>Users as a table for people, or as JSON for programs.</summary>
internal static class UserTable
{
    private const int ShortVersion = 8;
    private static readonly string[] Heads = ["USER", "DATA CENTRE", "PORTAL", "TOOLSETS", "ACCESS", "VERSION", "AGE", "VERIFIED", "STATE"];

    public static void Show(Terminal terminal, IEnumerable<ListedUser> users)
    {
        var rows = users.Select(user => Cells(user).Select(Terminal.Plain).ToArray()).ToList();
        rows.Insert(0, Heads);
        var widths = Heads.Select((_, column) => rows.Max(row => row[column].Length)).ToArray();
        if (!terminal.IsInteractive)
        {
            foreach (var row in rows) terminal.Say(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }
        // Borders, and a space on each side of a cell. A narrower table would break names, which are for copying.
        else if (widths.Sum(width => width + 3) + 1 <= terminal.Ansi.Profile.Width)
        {
            var table = new Table { Border = TableBorder.Rounded };
            foreach (var head in Heads) table.AddColumn(Markup.Escape(head));
            foreach (var row in rows.Skip(1)) table.AddRow(row.Select(cell => new Text(cell)));
            terminal.Ansi.Write(table);
        }
        else
        {
            foreach (var row in rows.Skip(1)) ShowBelow(terminal, row);
        }
    }

    private static void ShowBelow(Terminal terminal, string[] row)
    {
        terminal.Head(row[0]);
        var facts = string.Join(", ", Heads.Zip(row).Skip(1).Select(fact => $"{fact.First.ToLowerInvariant()} {fact.Second}"));
        terminal.Ansi.Write(new Padder(new Text(facts), new Padding(2, 0, 0, 0)));
    }

    public static void WriteJson(Stream stream, IEnumerable<ListedUser> users)
    {
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartArray();
            foreach (var user in users) WriteJson(json, user);
            json.WriteEndArray();
        }

        stream.Write("\n"u8);
    }

    private static void WriteJson(Utf8JsonWriter json, ListedUser user)
    {
        var tags = user.Tags;
        json.WriteStartObject();
        json.WriteString("user", NullIfEmpty(tags.User));
        json.WriteString("secret", user.Properties.Name);
        json.WriteString("kind", NullIfEmpty(tags.Kind));
        json.WriteString("data_centre", NullIfEmpty(tags.DataCentre));
        json.WriteString("instance", NullIfEmpty(tags.Instance));
        json.WriteString("portal", NullIfEmpty(tags.Portal));
        json.WriteStartArray("toolsets");
        foreach (var toolset in tags.Wish.Toolsets) json.WriteStringValue(toolset);
        json.WriteEndArray();
        json.WriteString("access", NullIfEmpty(tags.Access));
        json.WriteString("version", NullIfEmpty(user.Version));
        json.WriteString("created", Moment(user.Properties.CreatedOn));
        json.WriteString("verified", Moment(tags.Verified));
        json.WriteBoolean("enabled", user.IsEnabled);
        json.WriteEndObject();
    }

    private static string[] Cells(ListedUser user)
    {
        var (tags, isKnown) = (user.Tags, user.Tags.Kind.Length > 0);
        return
        [
            user.Name,
            tags.Kind == OnPremCredential.KindName ? "on premises" : Or(tags.DataCentre, "?"),
            Or(tags.Portal, isKnown ? "(default)" : "?"),
            Or(tags.Toolsets, isKnown ? "all" : "?"),
            Or(tags.Access, "?"),
            Or(user.Version.Length > ShortVersion ? user.Version[..ShortVersion] : user.Version, "?"),
            user.Properties.CreatedOn is { } created ? Since(created) : "?",
            tags.Verified is { } verified ? $"{Since(verified)} ago" : "never",
            user.IsEnabled ? "enabled" : "disabled",
        ];
    }

    private static string Since(DateTimeOffset moment) => Ago.Tell(TimeProvider.System.GetUtcNow() - moment);

    private static string Or(string text, string other) => text.Length > 0 ? text : other;

    private static string? NullIfEmpty(string text) => text.Length > 0 ? text : null;

    private static string? Moment(DateTimeOffset? moment) => moment?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}

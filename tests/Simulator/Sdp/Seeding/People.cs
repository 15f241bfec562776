using System.Globalization;
using System.Text.Json.Nodes;

namespace Sidecar.Simulator.Sdp.Seeding;

/// <summary>Technicians in their groups, and the requesters.</summary>
internal static class People
{
    private static readonly string[] First =
    [
        "Ada", "Ben", "Carla", "David", "Elena", "Farid", "Grace", "Hugo", "Ines", "Jonas", "Katya", "Liam", "Mona", "Nils", "Olga", "Pablo",
        "Quinn", "Rosa", "Sven", "Tara", "Umar", "Vera", "Wim", "Xenia", "Yusuf", "Zoe",
    ];

    private static readonly string[] Last =
    [
        "Keller", "Okafor", "Silva", "Brandt", "Novak", "Haddad", "Larsen", "Moreau", "Rossi", "Tanaka", "Walsh", "Peeters", "Jansen", "Costa",
    ];

    public static void Fill(Instance instance, Random random, string[] groups, int technicians, int requesters, string domain)
    {
        var rows = groups.Select(name => Seed.Add(instance, "support_groups", name, new JsonObject { ["deleted"] = false })).ToList();
        for (var i = 0; i < technicians; i++)
        {
            var person = Add(instance, "technicians", i, domain, true);
            // Everybody has a group of their own and every third a second one.
            var own = new JsonArray((string)rows[i % rows.Count]["id"]!);
            if (i % 3 == 0)
                own.Add((string)rows[(i + 1) % rows.Count]["id"]!);
            person["_groups"] = own;
        }

        var departments = instance.Table("departments").Rows;
        for (var i = 0; i < requesters; i++)
        {
            var person = Add(instance, "requesters", i + technicians, domain, false);
            person["department"] = random.Pick(departments).Reference();
            person["is_vipuser"] = i % 20 == 0;
        }
    }

    /// <summary>One technician more, in a group, at the domain of the others. The number in the name keeps it the only one of its kind.</summary>
    public static string AddTechnician(Instance instance)
    {
        var technicians = instance.Table("technicians").Rows;
        var (number, groups) = (technicians.Count, instance.Table("support_groups").Rows);
        var (first, last) = (First[number % First.Length], $"{Last[number % Last.Length]} {number}");
        var domain = ((string)technicians[0]["email_id"]!).Split('@')[1];
        var person = Add(instance, "technicians", number, first, last, domain, true);
        person["_groups"] = new JsonArray((string)groups[number % groups.Count]["id"]!);
        return (string)person["email_id"]!;
    }

    private static JsonObject Add(Instance instance, string table, int number, string domain, bool technician)
    {
        var (first, last) = (First[number % First.Length], Last[(number + (number / First.Length * 5)) % Last.Length]);
        return Add(instance, table, number, first, last, domain, technician);
    }

    private static JsonObject Add(Instance instance, string table, int number, string first, string last, string domain, bool technician) =>
        Seed.Add(instance, table, $"{first} {last}", new JsonObject
        {
            ["email_id"] = $"{first}.{last.Replace(' ', '.')}@{domain}".ToLowerInvariant(),
            ["first_name"] = first,
            ["last_name"] = last,
            ["phone"] = string.Create(CultureInfo.InvariantCulture, $"+49 30 5550 {number:000}"),
            ["mobile"] = null,
            ["employee_id"] = string.Create(CultureInfo.InvariantCulture, $"E{1000 + number}"),
            ["is_vipuser"] = false,
            ["is_technician"] = technician,
            ["photo_url"] = $"https://contacts.example.com/file?t=user&ID={number}",
            ["status"] = "active",
        });
}

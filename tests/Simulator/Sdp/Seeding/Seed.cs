using System.Text.Json.Nodes;
using Sidecar.Simulator.Sdp.Records;

namespace Sidecar.Simulator.Sdp.Seeding;

/// <summary>Fills a portal with a believable service desk. The same seed at the same time gives the same one.</summary>
internal static class Seed
{
    public static void ItDesk(Instance instance, int seed)
    {
        Setup.ItDesk(instance);
        People.Fill(instance, new Random(seed), ["Network", "Service Desk", "Applications", "Workplace", "Security"], 12, 60, "example.com");
        Tickets.Fill(instance, new Random(seed + 1), 320, TicketTexts.It);
        Hostile.Add(instance);
        OtherRecords.Fill(instance);
    }

    public static void Hr(Instance instance, int seed)
    {
        Setup.Hr(instance);
        People.Fill(instance, new Random(seed), ["HR Operations", "Payroll"], 3, 12, "hr.example.com");
        Tickets.Fill(instance, new Random(seed + 1), 24, TicketTexts.Hr);
        OtherRecords.Fill(instance);
    }

    public static void Premises(Instance instance, int seed)
    {
        Setup.ItDesk(instance);
        People.Fill(instance, new Random(seed), ["Service Desk", "Network"], 4, 16, "plant.example.com");
        Tickets.Fill(instance, new Random(seed + 1), 32, TicketTexts.It);
        OtherRecords.Fill(instance);
    }

    public static JsonObject Add(Instance instance, string table, string name, JsonObject? more = null)
    {
        var row = new JsonObject { ["id"] = instance.NextId(), ["name"] = name };
        foreach (var (key, value) in more ?? [])
            row[key] = value?.DeepClone();
        return instance.Table(table).Add(row);
    }

    public static JsonObject Pick(this Random random, IReadOnlyList<JsonObject> rows) => rows[random.Next(rows.Count)];

    public static string Pick(this Random random, IReadOnlyList<string> texts) => texts[random.Next(texts.Count)];

    public static JsonObject Reference(this JsonObject record) => References.To(record);
}

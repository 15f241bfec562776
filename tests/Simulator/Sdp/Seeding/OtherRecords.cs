using System.Text.Json.Nodes;
using Sidecar.Simulator.Sdp.Wire;

namespace Sidecar.Simulator.Sdp.Seeding;

/// <summary>A few records of the other modules, so that a list of them is not empty.</summary>
internal static class OtherRecords
{
    public static void Fill(Instance instance)
    {
        Add("problems", "PR", "title", "VPN gateway loses sessions", "Mail queue stalls at night");
        Add("changes", "CH", "title", "Replace core switch in Berlin", "Upgrade ERP to 12.4");
        Add("solutions", "SO", "title", "How to set up the VPN client", "Printer: clear a paper jam");
        Add("assets", "AS", "name", "LT-0042", "PRN-3F-01");
        Add("announcements", "AN", "title", "Maintenance on Saturday night");

        void Add(string table, string prefix, string member, params string[] names)
        {
            for (var i = 0; i < names.Length; i++)
                instance.Table(table).Add(new JsonObject
                {
                    ["id"] = instance.NextId(),
                    ["display_id"] = new JsonObject { ["display_value"] = $"{prefix}-{i + 1}", ["value"] = $"{i + 1}" },
                    [member] = names[i],
                    ["description"] = $"<div>{names[i]}</div>",
                    ["status"] = instance.Table("statuses").Named("Open")!.Reference(),
                    ["topic"] = instance.Table("topics").Rows[0].Reference(),
                    ["product"] = new JsonObject { ["name"] = "Generic", ["id"] = instance.NextId() },
                    ["created_by"] = instance.Table("technicians").Rows[0].Reference(),
                    ["created_time"] = Times.Stamp(instance.Clock.Milliseconds - (i + 3) * 86_400_000L),
                    ["last_updated_time"] = null,
                });
        }
    }
}

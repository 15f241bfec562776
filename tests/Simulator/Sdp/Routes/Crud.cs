using System.Text.Json.Nodes;
using Sidecar.Simulator.Hosting;
using Sidecar.Simulator.Sdp.Lists;
using Sidecar.Simulator.Sdp.Records;
using Sidecar.Simulator.Sdp.Wire;

namespace Sidecar.Simulator.Sdp.Routes;

/// <summary>The five operations that most records have. A new kind of record is an <see cref="Entity"/> and one line.</summary>
internal static class Crud
{
    /// <param name="entity">The kind of record.</param>
    /// <param name="path">Path of the collection.</param>
    /// <param name="created">What else happens when one is made.</param>
    /// <param name="changed">What else happens when one is changed.</param>
    /// <param name="listed">How rows look in a list, if not as they are.</param>
    public static IEnumerable<Route> Of(
        Entity entity,
        string path,
        Action<ApiCall, JsonObject>? created = null,
        Action<ApiCall, JsonObject, JsonObject>? changed = null,
        Func<ApiCall, JsonObject, JsonObject>? listed = null)
    {
        var one = $"{path}/{{child}}";
        yield return new("GET", path, entity.Module, call =>
        {
            var rows = call.Table(path).Rows;
            if (entity.NoPage && call.Input["list_info"]?["page"] is not null)
                throw SdpError.Bad(new Problem(4001, "page", "EXTRA_PARAM_FOUND"));
            return Lister.Answer(call, entity.Rows, listed is null ? rows : rows.Select(row => listed(call, row)), entity.Columns, entity.Fields.Keys);
        });
        yield return new("GET", one, entity.Module, call => Show(call, entity, call.Table(path).Get(call["child"])));
        yield return new("POST", path, entity.Module, call => Create(call, entity, path, created));
        yield return new("PUT", one, entity.Module, call =>
        {
            var record = call.Table(path).Get(call["child"]);
            var values = entity.Read(call, record);
            changed?.Invoke(call, record, values);
            Merge(record, values);
            record["last_updated_time"] = Times.Stamp(call.Now);
            call.Changed($"{entity.Rows}/{call["child"]}");
            return Show(call, entity, record);
        });
        yield return new("DELETE", one, entity.Module, call =>
        {
            call.Table(path).Get(call["child"]);
            call.Table(path).Remove(call["child"]);
            call.Changed($"{entity.Rows}/{call["child"]}");
            return Envelope.Done();
        });
    }

    public static Answer Show(ApiCall call, Entity entity, JsonObject record) =>
        Envelope.One(call.Exchange.Method == "GET" ? entity.Keys?.Invoke(call.Switches)[0] ?? entity.Key : entity.ReplyKey(call), Lister.Project(record, null, call.Switches));

    public static Answer Create(ApiCall call, Entity entity, string path, Action<ApiCall, JsonObject>? created)
    {
        var table = call.Table(path);
        var values = entity.Read(call, null);
        var record = new JsonObject { ["id"] = call.Instance.NextId() };
        foreach (var field in entity.Fields.Keys.Where(name => name != "id"))
            record[field] = null;
        record["created_by"] = References.To(call.User);
        record["created_time"] = Times.Stamp(call.Now);
        record["last_updated_time"] = null;
        Merge(record, values);
        created?.Invoke(call, record);
        table.Add(record);
        call.Changed($"{entity.Rows}/{record["id"]}");
        return Show(call, entity, record);
    }

    /// <summary>Members of objects that have no id of their own, such as udf_fields, are changed one by one.</summary>
    public static void Merge(JsonObject record, JsonObject values)
    {
        foreach (var (name, value) in values)
        {
            if (value is JsonObject part && record[name] is JsonObject old && !part.ContainsKey("id") && !part.ContainsKey("value"))
                Merge(old, part);
            else
                record[name] = value?.DeepClone();
        }
    }
}

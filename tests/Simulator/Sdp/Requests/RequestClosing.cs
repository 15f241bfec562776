using Sidecar.Simulator.Hosting;
using Sidecar.Simulator.Sdp.Records;
using Sidecar.Simulator.Sdp.Routes;
using Sidecar.Simulator.Sdp.Wire;

namespace Sidecar.Simulator.Sdp.Requests;

/// <summary>PUT …/close.</summary>
internal static class RequestClosing
{
    private static readonly Entity Body = new("request", "requests", "requests", new()
    {
        ["closure_info"] = Rules.Nested(RequestEntity.ClosureInfo.Fields),
        ["resolution"] = RequestEntity.Request.Fields["resolution"],
        ["status_change_comments"] = Rules.Text(),
    });

    public static Answer Close(ApiCall call)
    {
        var record = RequestRecord.Editable(call);
        var values = call.HasInput ? Body.Read(call, record) : [];
        if (RequestRecord.IsClosed(record))
            throw SdpError.Forbidden(null, "Request is already closed");

        var resolved = RequestRecord.HasResolution(record) || RequestRecord.HasResolution(values);
        string[] needed =
        [
            .. new[] { record["technician"] is null ? "technician" : "", resolved ? "" : "resolution" }.Where(name => name.Length > 0),
        ];
        if (call.Switches.ResolutionNeededToClose && needed.Length > 0)
            return Envelope.Warning(needed);

        var before = record.DeepClone().AsObject();
        Crud.Merge(record, values);
        RequestRules.SetStatus(call, record, References.To(call.Instance.Table("statuses").Rows.First(row => (string?)row["internal_name"] == "Closed")));
        RequestRecord.Touch(call, record);
        RequestHistory.Write(call, record, "CLOSE", "Request closed", RequestHistory.Diff(before, record));
        return Envelope.Done("Request(s) closed");
    }
}

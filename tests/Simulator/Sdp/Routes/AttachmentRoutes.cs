using System.Globalization;
using System.Text.Json.Nodes;
using Sidecar.Simulator.Hosting;
using Sidecar.Simulator.Sdp.Requests;
using Sidecar.Simulator.Sdp.Wire;

namespace Sidecar.Simulator.Sdp.Routes;

/// <summary>Files of a request, sent as multipart/form-data and read back as they were.</summary>
internal static class AttachmentRoutes
{
    private const int Largest = 10 * 1024 * 1024;

    public static IEnumerable<Route> All =>
    [
        new Route("POST", "/requests/{id}/_uploads", "requests", call => Upload(call, "filename", call.Exchange.Form.GetValueOrDefault("addtoattachment") == "true")).At(Edition.Cloud),
        new Route("GET", "/requests/{id}/_uploads/{child}", "requests", Download).At(Edition.Cloud),
        new Route("GET", "/requests/{id}/notifications/{nid}/_uploads/{child}", "requests", Download).At(Edition.Cloud),
        new Route("PUT", "/requests/{id}/upload", "requests", call => Upload(call, "input_file", attach: true)).At(Edition.OnPrem),
        new Route("GET", "/requests/{id}/attachments/{child}/_download", "requests", Download).At(Edition.OnPrem),
    ];

    private static Answer Upload(ApiCall call, string part, bool attach)
    {
        var request = RequestRecord.Editable(call);
        if (call.Exchange.Files.FirstOrDefault(file => file.Part == part) is not { } file)
            throw SdpError.Bad(Problem.Missing(part));
        if (file.Content.Length > Largest)
            throw SdpError.Bad(new Problem(4001, part, "Attachment size exceeds the limit"));
        var id = call.Instance.NextId();
        var row = new JsonObject
        {
            ["id"] = id,
            ["file_id"] = id,
            ["name"] = file.Name,
            ["content_type"] = file.ContentType,
            ["size"] = new JsonObject
            {
                ["display_value"] = string.Create(CultureInfo.InvariantCulture, $"{file.Content.Length / 1024.0:0.##} KB"),
                ["value"] = file.Content.Length.ToString(CultureInfo.InvariantCulture),
            },
            ["content_url"] = call.Switches.Edition == Edition.Cloud
                ? $"/app/{call.Instance.Name}/api/v3/requests/{call["id"]}/_uploads/{id}"
                : $"/api/v3/requests/{call["id"]}/attachments/{id}/_download",
        };
        var stored = row.DeepClone().AsObject();
        stored["_content"] = Convert.ToBase64String(file.Content);
        call.Table("/requests/{id}/_uploads").Add(stored);
        if (attach)
        {
            request["attachments"]!.AsArray().Add(row.DeepClone());
            request["has_attachments"] = true;
        }

        RequestRecord.Touch(call, request);
        return Envelope.One("files", new JsonArray(row));
    }

    private static Answer Download(ApiCall call)
    {
        RequestRecord.Find(call);
        var file = call.Instance.Table($"requests/{call["id"]}/_uploads").Get(call["child"]);
        var name = ((string)file["name"]!).Replace("\"", "", StringComparison.Ordinal);
        return new Answer(200, (string)file["content_type"]!, Convert.FromBase64String((string)file["_content"]!))
            .With("Content-Disposition", $"attachment; filename*=UTF-8''{Uri.EscapeDataString(name)}");
    }
}

using System.Text.Json;
using Google.Protobuf;
using Sidecar.Broker.Transcoding;
using Sidecar.Contract;

namespace Sidecar.Broker.Operations;

/// <summary>What a list's reply says besides its rows.</summary>
internal static class ListReply
{
    public static void Fill(IMessage reply, JsonElement answer, ListQuery query, int dropped)
    {
        foreach (var field in reply.Descriptor.Fields.InFieldNumberOrder())
        {
            if (field.Name == "notice" && dropped > 0)
            {
                field.Accessor.SetValue(reply, $"ServiceDesk Plus returned {dropped} rows that do not fit the filter; they were left out."
                    + (query.ListInfo["get_total_count"] is not null ? " Its total count is not given for the same reason." : ""));
            }

            object? value = field.Annotation().ListInfo switch
            {
                "page" => query.Page,
                "has_more_rows" => FieldKeys.TryFind(answer, "list_info.has_more_rows", out var more) && more.ValueKind == JsonValueKind.True,
                // A count that includes rows which do not fit would be wrong.
                "total_count" when dropped == 0 && FieldKeys.TryFind(answer, "list_info.total_count", out var count)
                    && int.TryParse(Decoder.Text(count), out var total) => total,
                _ => null,
            };
            if (value is not null) field.Accessor.SetValue(reply, value);
        }
    }
}

using System.Globalization;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Sidecar.Contract;
using Enum = System.Enum;
using Field = Sidecar.Contract.Field;

namespace Sidecar.Broker.Transcoding;

/// <summary>What a list is asked for: the page, the order and the criteria, compiled from the request's annotations.</summary>
/// <param name="Page">Page, counted from 1.</param>
/// <param name="PageSize">Most rows a page has.</param>
/// <param name="ListInfo">The list_info member of input_data.</param>
/// <param name="Criteria">The criteria in it, for looking at the rows again.</param>
internal sealed record ListQuery(int Page, int PageSize, JsonObject ListInfo, IReadOnlyList<Criterion> Criteria)
{
    /// <summary>Compiles a request.</summary>
    /// <param name="request">The request, with defaults applied.</param>
    /// <param name="row">What a row becomes; its fields are the columns asked for. Null: the list's own columns.</param>
    /// <param name="technician">E-mail address that {technician} stands for.</param>
    /// <param name="now">What {now} stands for.</param>
    public static ListQuery Compile(IMessage request, MessageDescriptor? row, string technician, DateTimeOffset now)
    {
        var listInfo = new JsonObject();
        var criteria = new List<Criterion>();
        int page = 1;
        var ascending = false;
        foreach (var field in request.Descriptor.Fields.InFieldNumberOrder().Where(field => Encoder.IsSet(request, field)))
        {
            var annotation = field.Annotation();
            var value = field.Accessor.GetValue(request);
            switch (annotation.ListInfo)
            {
                case "":
                    break;
                case "page":
                    page = (int)value;
                    break;
                case "sort_order":
                    ascending = (bool)value;
                    break;
                case var member:
                    listInfo[member] = value switch
                    {
                        bool flag => flag,
                        int number => number,
                        Enum => Choice(field, value).Spelling,
                        _ => (string)value,
                    };
                    break;
            }

            var wheres = value is Enum ? Choice(field, value).Where : annotation.Where;
            foreach (var where in wheres) criteria.Add(Compile(where, annotation, value, technician, now));
        }

        if (listInfo["row_count"] is { } rows) listInfo["start_index"] = ((page - 1) * (int)rows) + 1;
        if (listInfo["sort_field"] is not null) listInfo["sort_order"] = ascending ? "asc" : "desc";
        if (Criterion.Compile(criteria) is { } compiled) listInfo["search_criteria"] = compiled;
        if (row is not null) listInfo["fields_required"] = Columns(row);
        return new ListQuery(page, listInfo["row_count"] is { } size ? (int)size : int.MaxValue, listInfo, criteria);
    }

    private static Criterion Compile(Where where, Field annotation, object value, string technician, DateTimeOffset now)
    {
        if (where.Empty) return new Criterion(where.AnyOf, where.Condition, null);
        var text = !where.HasValue ? Text(value) : where.Value switch
        {
            "{now}" => now.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
            "{technician}" => technician,
            var constant => constant,
        };
        var fields = annotation.As == Form.Person ? [.. where.AnyOf.Select(field => $"{field}.{Encoder.PersonKey(text)}")] : where.AnyOf;
        return new Criterion([.. fields], where.Condition, text);
    }

    private static Choice Choice(FieldDescriptor field, object value) =>
        field.EnumType.FindValueByNumber(Convert.ToInt32(value, CultureInfo.InvariantCulture)).Annotation();

    private static string Text(object value) => value is Timestamp time ? Encoder.EpochMilliseconds(time) : Convert.ToString(value, CultureInfo.InvariantCulture)!;

    private static JsonArray Columns(MessageDescriptor row) =>
        new([.. row.Fields.InFieldNumberOrder().Select(field => field.Key().Split('.')[0]).Distinct().Select(key => (JsonNode)JsonValue.Create(key))]);
}

using System.Globalization;
using System.Text.Json.Nodes;
using Sidecar.Simulator.Sdp.Wire;

namespace Sidecar.Simulator.Sdp.Lists;

/// <summary>What a list was asked for.</summary>
internal sealed record ListInfo
{
    private static readonly HashSet<string> Members =
    [
        "row_count", "start_index", "page", "sort_field", "sort_order", "get_total_count", "search_criteria", "search_fields",
        "fields_required", "filter_by", "has_more_rows", "total_count", "sort_fields",
    ];

    public int RowCount { get; private init; } = 10;
    public int StartIndex { get; private init; } = 1;
    public int? Page { get; private init; }
    public string? SortField { get; private init; }
    public bool Descending { get; private init; }
    public bool TotalCount { get; private init; }
    public JsonNode? Criteria { get; private init; }
    public JsonObject? SearchFields { get; private init; }
    public string? Filter { get; private init; }
    public HashSet<string>? Fields { get; private init; }

    public static ListInfo Read(ApiCall call)
    {
        foreach (var (name, _) in call.Input)
            if (name is not ("list_info" or "fields_required"))
                throw SdpError.Bad(Problem.ExtraKey(name));
        var given = call.Input["list_info"] as JsonObject ?? [];
        foreach (var (name, _) in given)
            if (!Members.Contains(name))
                throw SdpError.Bad(Problem.ExtraKey(name));
        if (given["filter_by"] is not null && given["search_criteria"] is not null)
            throw SdpError.Bad(new Problem(4001, "filter_by", "filter_by and search_criteria cannot be given together"));

        var rows = Number(given, "row_count") ?? 10;
        var page = Number(given, "page");
        var order = given["sort_order"]?.ToString() ?? "asc";
        if (order is not ("asc" or "desc"))
            throw SdpError.Bad(Problem.Unknown("sort_order"));
        rows = Math.Clamp(rows, 1, 100);
        return new ListInfo
        {
            RowCount = rows,
            // Counted from 1; a client that counts from 0 gets the first row twice.
            StartIndex = page is { } number ? ((Math.Max(number, 1) - 1) * rows) + 1 : Math.Max(Number(given, "start_index") ?? 1, 1),
            Page = page,
            SortField = given["sort_field"]?.ToString(),
            Descending = order == "desc",
            TotalCount = given["get_total_count"]?.ToString() == "true",
            Criteria = given["search_criteria"],
            SearchFields = given["search_fields"] as JsonObject,
            Filter = given["filter_by"] is JsonObject filter ? (filter["name"] ?? filter["id"])?.ToString() : null,
            Fields = (given["fields_required"] ?? call.Input["fields_required"]) is JsonArray fields
                ? [.. fields.Select(field => field?.ToString() ?? "")]
                : null,
        };
    }

    private static int? Number(JsonObject given, string name)
    {
        if (given[name] is not { } node)
            return null;
        return int.TryParse(node.ToString(), CultureInfo.InvariantCulture, out var number) && number >= 0
            ? number
            : throw SdpError.Bad(Problem.Mistyped(name));
    }
}

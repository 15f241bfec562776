using System.Globalization;
using Sidecar.Contract;
using Sidecar.Tests.Harness;

namespace Sidecar.Tests.EndToEnd;

/// <summary>Every tool through both processes to the instance and back.</summary>
public sealed class ToolTests(PairFixture pair) : IClassFixture<PairFixture>
{
    private readonly Stage _stage = pair.Stage;

    [Fact]
    public async Task Every_tool_of_the_contract_is_listed_in_its_order()
    {
        var tools = await (await pair.Shim.ClientAsync()).ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken);
        tools.Select(tool => tool.Name).ShouldBe(Catalog.Current.Tools.Select(operation => operation.Tool!.Name));
    }

    [Fact]
    public async Task Whoami_names_the_technician_the_instance_and_the_state_of_the_token()
    {
        var identity = await pair.Shim.DoAsync("whoami");
        identity.Text("technician_email").ShouldBe(pair.User.TechnicianEmail);
        identity.Text("instance_url").ShouldBe(_stage.Simulator.SdpUrl.GetLeftPart(UriPartial.Authority));
        identity.Text("portal").ShouldBe("itdesk");
        identity.Text("token_state").ShouldBe("valid");
        identity.GetProperty("ready").GetBoolean().ShouldBeTrue();
    }

    [Theory]
    [InlineData("{0}")]
    [InlineData("#{0}")]
    [InlineData("long")]
    [InlineData("number")]
    public async Task A_request_is_found_by_every_way_of_naming_it(string spelling)
    {
        var record = _stage.Instance.Records("requests")[7];
        var (id, number) = ((string)record["id"]!, (string)record["display_id"]!);
        object argument = spelling switch
        {
            "long" => id,
            "number" => int.Parse(number, CultureInfo.InvariantCulture),
            _ => string.Format(CultureInfo.InvariantCulture, spelling, number),
        };
        (await pair.Shim.DoAsync("get_request", new { request_id = argument })).Text("id").ShouldBe(id);
    }

    [Fact]
    public async Task A_request_comes_back_lean_with_names_plain_text_and_RFC_3339_times()
    {
        var created = await pair.Shim.DoAsync("create_request", new
        {
            subject = "Printer <3rd floor> & scanner",
            description = "It says \"paper jam\".\n<script>alert(1)</script>",
            priority = "2 - High",
            due_by_time = "2031-05-06T07:08:00+02:00",
        });
        var request = await pair.Shim.DoAsync("get_request", new { request_id = created.Text("display_id") });
        request.Text("subject").ShouldBe("Printer <3rd floor> & scanner");
        request.Text("description").ShouldBe("It says \"paper jam\".\n<script>alert(1)</script>");
        request.Text("priority").ShouldBe("2 - High");
        request.Text("due_by_time").ShouldBe("2031-05-06T05:08:00Z");
        request.GetProperty("requester").Text("email").ShouldBe(pair.User.TechnicianEmail);
        request.GetRawText().ShouldNotContain("color");

        var sent = _stage.Changes().Last(entry => entry is { Method: "POST", Path: "/app/itdesk/api/v3/requests" });
        sent.InputDataIn.ShouldBe("form");
        sent.InputData!.ShouldContain("&lt;script&gt;");
        sent.AuthorizationScheme.ShouldBe("Zoho-oauthtoken");
        sent.Accept.ShouldBe("application/vnd.manageengine.sdp.v3+json");
    }

    [Fact]
    public async Task Custom_fields_are_kept_both_ways()
    {
        var fields = (await pair.Shim.DoAsync("get_metadata", new { lists = new[] { "custom_fields" } })).GetProperty("custom_fields").EnumerateArray().ToList();
        fields.ShouldNotBeEmpty();
        var request = _stage.Instance.Records("requests").First(record => record["udf_fields"]!.AsObject().Any(field => field.Value is not null));
        var answer = await pair.Shim.DoAsync("get_request", new { request_id = (string)request["id"]! });
        foreach (var (key, value) in request["udf_fields"]!.AsObject())
            answer.GetProperty("custom_fields").TryGetProperty(key, out _).ShouldBe(value is not null, key);
    }

    [Fact]
    public async Task A_page_holds_what_was_asked_for_and_pages_do_not_overlap()
    {
        var seen = new HashSet<string>();
        for (var page = 1; page <= 3; page++)
        {
            var answer = await pair.Shim.DoAsync("list_requests", new { queue = "all", page, page_size = 20, count_total = true });
            answer.GetProperty("page").GetInt32().ShouldBe(page);
            answer.GetProperty("total_count").GetInt32().ShouldBeGreaterThan(100);
            var ids = answer.GetProperty("requests").EnumerateArray().Select(row => row.Text("id")!).ToList();
            ids.Count.ShouldBe(20);
            ids.ShouldAllBe(id => seen.Add(id));
        }
    }

    [Fact]
    public async Task Queues_hold_only_what_belongs_in_them()
    {
        var mine = (await pair.Shim.DoAsync("list_requests", new { queue = "mine", page_size = 100 })).GetProperty("requests").EnumerateArray().ToList();
        mine.ShouldNotBeEmpty();
        var name = mine[0].Text("technician");
        mine.ShouldAllBe(row => row.Text("technician") == name);
        (await pair.Shim.DoAsync("get_technician", new { technician = pair.User.TechnicianEmail })).Text("name").ShouldBe(name);

        var unassigned = (await pair.Shim.DoAsync("list_requests", new { queue = "unassigned", page_size = 100 })).GetProperty("requests").EnumerateArray().ToList();
        unassigned.ShouldNotBeEmpty();
        unassigned.ShouldAllBe(row => row.Text("technician") == null);
    }

    [Fact]
    public async Task Search_joins_text_with_filters_and_every_row_fits()
    {
        var all = _stage.Instance.Records("requests");
        var expected = all.Where(record =>
                (string?)record["status"]?["name"] == "Open" && (string?)record["priority"]?["name"] == "2 - High")
            .Select(record => (string)record["id"]!).Order().ToList();
        var answer = await pair.Shim.DoAsync("search_requests", new { status = "Open", priority = "2 - High", page_size = 100 });
        answer.GetProperty("requests").EnumerateArray().Select(row => row.Text("id")!).Order().ShouldBe(expected);

        var word = ((string)all[3]["subject"]!).Split(' ').MaxBy(part => part.Length)!;
        var found = (await pair.Shim.DoAsync("search_requests", new { query = word, page_size = 100 })).GetProperty("requests").EnumerateArray().ToList();
        found.ShouldContain(row => row.Text("id") == (string)all[3]["id"]!);
    }

    [Fact]
    public async Task Search_by_time_bounds_is_exact()
    {
        var times = _stage.Instance.Records("requests").Select(record => long.Parse((string)record["created_time"]!["value"]!, CultureInfo.InvariantCulture)).Order().ToList();
        var (from, until) = (times[50], times[60]);
        var answer = await pair.Shim.DoAsync("search_requests", new
        {
            created_after = DateTimeOffset.FromUnixTimeMilliseconds(from).ToString("O", CultureInfo.InvariantCulture),
            created_before = DateTimeOffset.FromUnixTimeMilliseconds(until).ToString("O", CultureInfo.InvariantCulture),
            page_size = 100,
        });
        answer.GetProperty("requests").GetArrayLength().ShouldBe(times.Count(time => time >= from && time < until));
    }

    [Fact]
    public async Task Notes_are_public_or_private_as_the_tool_says()
    {
        var id = await OpenAsync("Notes");
        (await pair.Shim.DoAsync("add_note", new { request_id = id, note = "seen" })).GetProperty("show_to_requester").GetBoolean().ShouldBeTrue();
        (await pair.Shim.DoAsync("add_private_note", new { request_id = id, note = "hidden" })).GetProperty("show_to_requester").GetBoolean().ShouldBeFalse();
        var notes = _stage.Instance.Records($"requests/{id}/notes");
        notes.Select(note => ((string)note["description"]!, (bool)note["show_to_requester"]!)).ShouldBe([("seen", true), ("hidden", false)], ignoreOrder: true);
    }

    [Fact]
    public async Task A_reply_is_one_real_email_to_the_requester()
    {
        var request = _stage.Instance.Records("requests").First(record => (string?)record["status"]?["name"] == "Open");
        var before = _stage.Instance.Outbox.Count;
        var reply = await pair.Shim.DoAsync("reply_to_requester", new { request_id = (string)request["id"]!, message = "Line one\nline <two>", cc = new[] { "boss@example.com" } });
        var mail = _stage.Instance.Outbox.Skip(before).ShouldHaveSingleItem();
        mail.To.ShouldBe([(string)request["requester"]!["email_id"]!]);
        mail.Cc.ShouldBe(["boss@example.com"]);
        mail.Description.ShouldBe("Line one<br>line &lt;two&gt;");
        mail.Subject.ShouldContain($"##{(string)request["display_id"]!}##");
        reply.Text("display_id").ShouldBe((string)request["display_id"]!);
    }

    [Fact]
    public async Task A_first_response_is_sent_once_and_refused_afterwards()
    {
        var id = await OpenAsync("First response");
        await pair.Shim.DoAsync("send_first_response", new { request_id = id, message = "Hello" });
        var sent = _stage.Instance.Outbox.Count;
        (await pair.Shim.FailAsync("send_first_response", new { request_id = id, message = "Hello again" })).ShouldContain("no e-mail was sent");
        _stage.Instance.Outbox.Count.ShouldBe(sent);
        (await pair.Shim.DoAsync("get_request", new { request_id = id })).Text("responded_time").ShouldNotBeNull();
    }

    [Fact]
    public async Task A_conversation_shows_emails_and_notes_as_plain_text_newest_first()
    {
        var id = await OpenAsync("Conversation");
        await pair.Shim.DoAsync("add_note", new { request_id = id, note = "first" });
        await pair.Shim.DoAsync("reply_to_requester", new { request_id = id, message = "second" });
        var messages = (await pair.Shim.DoAsync("get_request_conversation", new { request_id = id })).GetProperty("messages").EnumerateArray().ToList();
        messages.Select(message => message.Text("text")).ShouldBe(["second", "first"]);
        messages.ShouldAllBe(message => message.GetProperty("by_technician").GetBoolean());
    }

    [Fact]
    public async Task Metadata_has_every_list_of_the_instance()
    {
        var metadata = await pair.Shim.DoAsync("get_metadata");
        string[] lists = ["statuses", "priorities", "urgencies", "impacts", "categories", "subcategories", "items", "levels", "modes", "request_types", "groups", "sites", "templates", "closure_codes", "custom_fields"];
        foreach (var list in lists) metadata.GetProperty(list).GetArrayLength().ShouldBeGreaterThan(0, list);
        metadata.GetProperty("unavailable").GetArrayLength().ShouldBe(0);
        metadata.GetProperty("lists").EnumerateArray().Select(list => list.GetString()).ShouldBe(lists, ignoreOrder: true);
    }

    [Fact]
    public async Task Metadata_says_which_lists_it_read()
    {
        var metadata = await pair.Shim.DoAsync("get_metadata", new { lists = new[] { "statuses", "modes" } });
        metadata.GetProperty("lists").EnumerateArray().Select(list => list.GetString()).ShouldBe(["statuses", "modes"]);
        metadata.GetProperty("priorities").GetArrayLength().ShouldBe(0);
        (await pair.Shim.FailAsync("get_metadata", new { lists = new[] { "status" } })).ShouldContain("statuses");
    }

    [Fact]
    public async Task Technicians_are_found_by_part_of_the_name_by_address_and_by_id()
    {
        var technician = _stage.Instance.Records("technicians")[4];
        var (id, name, email) = ((string)technician["id"]!, (string)technician["name"]!, (string)technician["email_id"]!);
        (await pair.Shim.DoAsync("find_technician", new { query = name.Split(' ')[1].ToUpperInvariant() })).GetProperty("technicians").EnumerateArray()
            .ShouldContain(row => row.Text("email") == email);
        foreach (var key in new[] { id, name, email })
            (await pair.Shim.DoAsync("get_technician", new { technician = key })).Text("id").ShouldBe(id);
        (await pair.Shim.FailAsync("get_technician", new { technician = "nobody@example.com" })).ShouldContain("no technician");
        (await pair.Shim.DoAsync("list_technicians", new { page_size = 5 })).GetProperty("technicians").GetArrayLength().ShouldBe(5);
    }

    [Fact]
    public async Task A_field_is_emptied_by_name()
    {
        var id = await OpenAsync("Assignment", pair.User.TechnicianEmail);
        (await pair.Shim.DoAsync("update_request", new { request_id = id, clear_fields = new[] { "technician" } })).TryGetProperty("technician", out _).ShouldBeFalse();
        (await pair.Shim.FailAsync("update_request", new { request_id = id, clear_fields = new[] { "created_time" } })).ShouldContain("created_time");
    }

    [Fact]
    public async Task Closing_writes_the_resolution_and_comes_back_closed()
    {
        var id = await OpenAsync("Closing", pair.User.TechnicianEmail);
        var closed = await pair.Shim.DoAsync("close_request", new { request_id = id, resolution = "Changed the cable.", closure_code = "Success", closure_comments = "ok", requester_agreed = true });
        closed.GetProperty("is_open").GetBoolean().ShouldBeFalse();
        closed.Text("resolution").ShouldBe("Changed the cable.");
        closed.Text("closure_code").ShouldBe("Success");
    }

    private async Task<string> OpenAsync(string subject, string? technician = null) =>
        (await pair.Shim.DoAsync("create_request", new { subject, technician })).Text("id")!;
}

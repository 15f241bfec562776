using System.Text.Json;
using System.Text.RegularExpressions;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Security.KeyVault.Secrets;
using CsCheck;
using Google.Protobuf;
using Grpc.Core;
using Shouldly;
using Sidecar.Broker.Credentials;
using Sidecar.Contract;
using Xunit;
using Access = Sidecar.Contract.Access;
using FailureInfo = Sidecar.Contract.FailureInfo;

namespace Sidecar.Tests.Unit.Broker.Properties;

/// <summary>Whatever answers, with whatever bytes: the caller gets an answer or a failure in the one form, and never a false success.</summary>
public partial class SoupTests
{
    private const string Credential =
        """{"kind":"cloud","client_id":"1000.SOUP","client_secret":"hush-client-v1","refresh_token":"hush-refresh-v1","accounts_url":"https://accounts.example.com","base_url":"https://desk.example.com","portal":"itdesk","technician_email":"anna@example.com"}""";

    // One body that has something for every call; it quotes secrets, as a careless server does.
    private const string Sdp = """
        {"response_status":{"status_code":2000,"status":"success"},
         "list_info":{"has_more_rows":true,"start_index":1,"row_count":1,"total_count":7},
         "request":{"id":"123456789012345678","display_id":"33903","subject":"Fire","description":"<p>It burns hush-client-v1</p>","status":{"name":"Open","in_progress":true,"id":"1"},
           "priority":{"name":"2 - High"},"requester":{"id":"2","name":"Anna","email_id":"anna@example.com"},"technician":null,"created_time":{"display_value":"x","value":"1593000300533"},
           "due_by_time":{"value":"1593000300533"},"is_overdue":false,"attachments":[{"id":"5","size":"12"}],"resolution":{"content":"none"},"udf_fields":{"udf_a":1,"udf_date1":{"value":"1593000300533"}}},
         "requests":[{"id":"123456789012345678","display_id":"33903","subject":"Fire","status":{"name":"Open","in_progress":true}},{"id":"123456789012345679","display_id":"33904"}],
         "request_note":{"id":"9","description":"<b>hush-refresh-v1</b>","show_to_requester":true,"created_by":{"name":"Anna"},"created_time":{"value":"1593000300533"}},
         "notification":{"id":"8","subject":"Re","description":"text","to":[{"email_id":"anna@example.com"}],"sent_time":{"value":"1593000300533"}},
         "conversations":[{"id":"7","type":"REQREPLY","created_time":{"value":"1593000300533"},"created_by":{"name":"Anna","is_technician":true}},{"id":"9","type":"NOTES"}],
         "notes":[{"id":"9","created_time":{"value":"1593000300533"}}],
         "technicians":[{"id":"3","name":"Bob","email_id":"bob@example.com","department":{"name":"IT"}}],
         "technician":[{"id":"3","name":"Bob","email_id":"bob@example.com"}]}
        """;

    private const string Token = """{"access_token":"1000.hush-access","expires_in":3600,"api_domain":"https://www.zohoapis.com","token_type":"Bearer"}""";

    private static readonly string[] Secrets = ["hush-client-v1", "hush-refresh-v1", "hush-access"];

    // What a caller may ask for, in random order; a broker keeps what one answer has taught it for the next.
    private static readonly List<Operation> Operations = [.. Catalog.Current.Operations.Where(operation => operation.Tool is not null || operation.Call is null)];

    [Fact]
    public async Task As_an_answer_of_ServiceDesk_Plus_it_is_told_in_the_one_form_and_no_write_is_taken_for_done() => await Gen.Int[0, int.MaxValue].SampleAsync(async seed =>
    {
        var random = new Random(seed);
        var soup = new Soup(random);
        var heard = new Heard();
        using var sdp = new Wire(async (sent, _) => await heard.NoteAsync(sent.Method, () => soup.Answer(Sdp)));
        using var zoho = new Wire((_, _) => Task.FromResult(Wire.Json(Token)));
        await using var broker = await ReadyAsync(sdp, zoho);
        for (var call = 0; call < 8; call++)
        {
            var operation = Operations[random.Next(Operations.Count)];
            heard.Clear();
            var (reply, failure, info) = await broker.CallAsync(operation, new RandomRequests(random).Of(operation));
            if (reply is not null) heard.Allows(operation).ShouldBeTrue($"{operation.Name} was called done, seed {seed}");
            Check(operation, reply, failure, info, seed, broker);
            if (operation.Access != Access.Read && !ReadsAgain(operation) && info?.Metadata[FailureInfo.Changed] == "nothing")
                heard.WriteSucceeded.ShouldBeFalse($"{operation.Name} was done and called undone, seed {seed}");
        }
    }, iter: 400);

    [Fact]
    public async Task As_a_reply_of_Zoho_it_is_told_in_the_one_form() => await Gen.Int[0, int.MaxValue].SampleAsync(async seed =>
    {
        var random = new Random(seed);
        var soup = new Soup(random);
        var tokens = 0;
        using var sdp = new Wire((_, _) => Task.FromResult(Wire.Json(Sdp)));
        using var zoho = new Wire(async (_, cancel) =>
        {
            var answer = soup.Answer(Token);
            if (await HasTokenAsync(answer.Content, cancel)) tokens++;
            return answer;
        });
        await using var broker = await ReadyAsync(sdp, zoho);
        foreach (var name in new[] { "WhoAmI", "ListRequests", "AddNote", "GetRequest" })
        {
            var operation = Catalog.Current[name];
            var (reply, failure, info) = await broker.CallAsync(operation, new RandomRequests(random).Of(operation));
            Check(operation, reply, failure, info, seed, broker);
            if (reply is not null && name != "WhoAmI") tokens.ShouldBeGreaterThan(0, $"{name} was called without a token, seed {seed}");
            if (failure is not null) info!.Metadata[FailureInfo.Changed].ShouldBe("nothing", $"{name}, seed {seed}: {failure.Status.Detail}");
        }
    }, iter: 250);

    [Fact]
    public async Task As_a_reply_of_Key_Vault_it_leaves_a_broker_that_says_why_it_has_no_credential() => await Gen.Int[0, int.MaxValue].SampleAsync(async seed =>
    {
        var random = new Random(seed);
        var soup = new Soup(random);
        var proper = JsonSerializer.Serialize(new { value = Credential, id = "https://soup.vault.azure.net/secrets/sdp-soup/0123456789abcdef", attributes = new { enabled = true, created = 1, updated = 1 } });
        using var vault = new Wire((sent, _) => Task.FromResult(random.Next(3) == 0 || sent.Authorization is not null ? soup.Answer(proper) : Challenge()));
        using var client = vault.CreateClient("");
        using var transport = new HttpClientTransport(client);
        var secrets = new SecretClient(new Uri("https://soup.vault.azure.net"), new Identity(), new SecretClientOptions { Transport = transport, Retry = { MaxRetries = 0 } });
        // Of a secret that came half eaten nobody knows what it was: here the instance quotes none.
        using var sdp = new Wire((_, _) => Task.FromResult(Wire.Json(Sdp.Replace("hush", "no", StringComparison.Ordinal))));
        using var zoho = new Wire((_, _) => Task.FromResult(Wire.Json(Token)));
        await using var broker = new MemoryBroker(sdp, zoho, _ => new KeyVaultSource(secrets, "sdp-soup"));
        await broker.StartAsync();
        foreach (var name in new[] { "WhoAmI", "ListRequests", "AddNote" })
        {
            var operation = Catalog.Current[name];
            var (reply, failure, info) = await broker.CallAsync(operation, new RandomRequests(random).Of(operation));
            Check(operation, reply, failure, info, seed, broker);
            if (broker.Credentials.Current is null) broker.Credentials.Problem.ShouldNotBeNullOrWhiteSpace();
        }
    }, iter: 250);

    private static bool ReadsAgain(Operation operation) => operation.Name is "UpdateRequest" or "CloseRequest";

    private static async Task<MemoryBroker> ReadyAsync(Wire sdp, Wire zoho)
    {
        var broker = new MemoryBroker(sdp, zoho, _ => new HeldCredential(HeldCredential.Version("v1")));
        await broker.StartAsync();
        return broker;
    }

    private static void Check(Operation operation, IMessage? reply, RpcException? failure, Google.Rpc.ErrorInfo? info, int seed, MemoryBroker broker)
    {
        var where = $"{operation.Name}, seed {seed}";
        var shown = reply?.ToString() ?? $"{failure!.Status.Detail} {info} {failure.GetRpcStatus()}";
        // Not by a comparison that would print it.
        if (Secrets.Any(secret => shown.Contains(secret, StringComparison.Ordinal))) throw new InvalidOperationException($"a secret was shown: {where}");
        if (reply is not null)
        {
            reply.Descriptor.Parser.ParseFrom(reply.ToByteArray()).ShouldBe(reply, where);
            return;
        }

        info.ShouldNotBeNull(where);
        info.Domain.ShouldBe(FailureInfo.Domain, where);
        Reason().IsMatch(info.Reason).ShouldBeTrue(where);
        failure!.StatusCode.ShouldNotBe(StatusCode.Internal, $"{where} {broker.LoggedFault}");
        info.Reason.ShouldNotBe("BROKER_FAULT", where);
        failure.Status.Detail.ShouldNotBeNullOrWhiteSpace(where);
        failure.Status.Detail.Any(char.IsControl).ShouldBeFalse(where);
        info.Metadata[FailureInfo.Changed].ShouldBeOneOf(operation.Access == Access.Read ? ["nothing"] : ["nothing", "partly", "unknown"], where);
        failure.GetRpcStatus()!.CalculateSize().ShouldBeLessThan(32 * 1024, $"it has to fit into HTTP/2 headers: {where}");
    }

    private static HttpResponseMessage Challenge()
    {
        var answer = new HttpResponseMessage(System.Net.HttpStatusCode.Unauthorized);
        answer.Headers.TryAddWithoutValidation("WWW-Authenticate", "Bearer authorization=\"https://login.example.com/tenant\", resource=\"https://vault.azure.net\"");
        return answer;
    }

    private static async Task<bool> HasTokenAsync(HttpContent content, CancellationToken cancel)
    {
        try
        {
            using var document = JsonDocument.Parse(await content.ReadAsStringAsync(cancel));
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("access_token", out var token)
                && token.ValueKind == JsonValueKind.String && token.GetString()!.Length > 0;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"\A[A-Z]+(_[A-Z]+)*\z")]
    private static partial Regex Reason();

    private sealed class Identity : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => new("hush-access", DateTimeOffset.MaxValue);

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => new(GetToken(requestContext, cancellationToken));
    }
}

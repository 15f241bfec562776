using System.Runtime.CompilerServices;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Shouldly;
using Sidecar.Broker.Callers;
using Sidecar.Broker.Credentials;
using Sidecar.Broker.Hosting;
using Sidecar.Broker.Operations;
using Sidecar.Broker.Policy;
using Sidecar.Broker.Tls;
using Sidecar.Contract;
using Xunit;

namespace Sidecar.Tests.Unit.Broker;

public class BoundaryTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", "", "", false, "get_request create_request whoami Describe GetMessage")]
    [InlineData("", "", "", true, "get_request whoami Describe GetMessage !create_request !close_request")]
    [InlineData("people", "", "", false, "find_technician whoami Describe !get_request")]
    [InlineData("", "get_request", "", false, "get_request whoami !create_request")]
    [InlineData("people", "get_request", "", false, "whoami !get_request !find_technician")]
    [InlineData("requests", "", "get_request", false, "create_request !get_request")]
    [InlineData("", "get_request", "get_request", false, "!get_request")]
    [InlineData("", "", "whoami", false, "!whoami")]
    public void Policy_decides_what_is_performed(string toolsets, string allow, string deny, bool readOnly, string expected)
    {
        var gate = new PolicyGate(Options.Create(new PolicyOptions { Toolsets = List(toolsets), Allow = List(allow), Deny = List(deny), ReadOnly = readOnly }));
        foreach (var name in expected.Split(' '))
        {
            var operation = Catalog.Current.Operations.Single(operation => operation.DisplayName == name.TrimStart('!'));
            gate.Allows(operation).ShouldBe(name[0] != '!', name);
            if (name[0] == '!') Should.Throw<FailureException>(() => gate.Check(operation)).Failure.Code.ShouldBe(StatusCode.PermissionDenied);
        }

        static string[] List(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries);
    }

    [Theory]
    [InlineData("http://127.0.0.1:7410", "http://127.0.0.1:7410")]
    [InlineData("http://127.0.0.9:1", "http://127.0.0.9:1")]
    [InlineData("http://localhost:7410/", "http://127.0.0.1:7410")]
    [InlineData("http://[::1]:7410", "http://[::1]:7410")]
    [InlineData("unix:/run/sidecar/broker.sock", "unix:/run/sidecar/broker.sock")]
    public void The_broker_listens_on_this_machine(string text, string expected)
    {
        ListenAddress.TryParse(text, out var address, out var problem).ShouldBeTrue(problem);
        address!.ToString().ShouldBe(expected);
    }

    [Theory]
    [InlineData("")]
    [InlineData("http://0.0.0.0:7410")]
    [InlineData("http://[::]:7410")]
    [InlineData("http://*:7410")]
    [InlineData("http://+:7410")]
    [InlineData("http://10.0.0.7:7410")]
    [InlineData("http://broker:7410")]
    [InlineData("http://localhost.evil.example:7410")]
    [InlineData("http://127.0.0.1.evil.example:7410")]
    [InlineData("http://127.0.0.1:99999")]
    [InlineData("http://127.0.0.1:7410/path")]
    [InlineData("http://127.0.0.1:7410?x=1")]
    [InlineData("https://127.0.0.1:7410")]
    [InlineData("127.0.0.1:7410")]
    [InlineData("7410")]
    [InlineData("unix:")]
    [InlineData("unix:broker.sock")]
    [InlineData("unix:@abstract")]
    [InlineData("unix:/a\0b")]
    public void It_listens_nowhere_else(string text)
    {
        ListenAddress.TryParse(text, out var address, out var problem).ShouldBeFalse();
        address.ShouldBeNull();
        problem.ShouldContain("Broker__Listen");
    }

    [Fact]
    public void A_socket_s_path_has_a_longest_length()
    {
        ListenAddress.TryParse("unix:/" + new string('a', 106), out _, out _).ShouldBeTrue();
        ListenAddress.TryParse("unix:/" + new string('a', 107), out _, out var problem).ShouldBeFalse();
        problem.ShouldContain("107 bytes");
        ListenAddress.TryParse("unix:/" + new string('é', 60), out _, out _).ShouldBeFalse("bytes, not characters");
    }

    [Fact]
    public void Each_validator_names_all_its_problems_at_once()
    {
        Failures(new BrokerOptionsValidator().Validate(null, new BrokerOptions { Listen = "x", AllowedUids = "1,-2,root", DrainTimeout = TimeSpan.FromSeconds(-1) })).ShouldBe(4);
        Failures(new CredentialOptionsValidator().Validate(null, new CredentialOptions { RefreshInterval = TimeSpan.Zero })).ShouldBe(3);
        Failures(new CredentialOptionsValidator().Validate(null, new CredentialOptions { VaultUri = new Uri("http://v"), SecretName = "a/b" })).ShouldBe(2);
        Failures(new CredentialOptionsValidator().Validate(null, new CredentialOptions { Source = CredentialSourceKind.File, Path = " " })).ShouldBe(1);
        Failures(new CredentialOptionsValidator().Validate(null, new CredentialOptions { Source = (CredentialSourceKind)7, Path = "/x", Identity = (AzureIdentityKind)9 })).ShouldBe(2);
        Failures(new PolicyOptionsValidator().Validate(null, new PolicyOptions { Toolsets = ["nope"], Allow = ["nope", "Get_Request"], Deny = ["nope"] })).ShouldBe(4);
        Failures(new TlsOptionsValidator().Validate(null, new TlsOptions { CaFile = "/nowhere/ca.pem" })).ShouldBe(1);
        foreach (var result in new[]
        {
            new BrokerOptionsValidator().Validate(null, new BrokerOptions()), new PolicyOptionsValidator().Validate(null, new PolicyOptions()),
            new TlsOptionsValidator().Validate(null, new TlsOptions()),
            new CredentialOptionsValidator().Validate(null, new CredentialOptions { VaultUri = new Uri("https://v.vault.azure.net"), SecretName = "sdp-anna-1" }),
        })
            result.Succeeded.ShouldBeTrue(result.FailureMessage);

        static int Failures(ValidateOptionsResult result) => result.Failures!.Count();
    }

    [Fact]
    public void One_start_tells_everything_that_is_wrong_with_the_settings()
    {
        var builder = BrokerServer.CreateBuilder(Configuration(
            ("Broker:Listen", "http://0.0.0.0:1"), ("Credential:Source", "Moon"), ("Policy:Deny", "get_request, nope"), ("Tls:CaFil", "x")));
        var problems = Settings.Problems(builder.Services, builder.Configuration).Where(problem => !problem.StartsWith("Credential__", StringComparison.Ordinal) || problem.Contains("Source")).ToList();
        problems.Count.ShouldBe(4, string.Join('\n', problems));
        foreach (var part in new[] { "Broker__Listen", "Credential", "nope", "CaFil" }) problems.ShouldContain(problem => problem.Contains(part, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Broker:DrainTimeout", "soon")]
    [InlineData("Broker:AllowedUids", "root")]
    [InlineData("Broker:Lisen", "x")]
    public void A_setting_of_the_listener_that_does_not_hold_is_told_like_any_other(string setting, string value)
    {
        var builder = BrokerServer.CreateBuilder(Configuration(("Credential:Source", "File"), ("Credential:Path", "/x"), (setting, value)));
        Settings.Problems(builder.Services, builder.Configuration).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("Policy:Deny", "get_request, whoami")]
    [InlineData("Policy:Deny:0", "get_request")]
    public async Task Lists_are_written_with_commas_or_by_index(string setting, string value)
    {
        var builder = BrokerServer.CreateBuilder(Configuration(("Credential:Source", "File"), ("Credential:Path", "/x"), (setting, value)));
        Settings.Problems(builder.Services, builder.Configuration).ShouldBeEmpty();
        await using var app = builder.Build();
        app.Services.GetRequiredService<PolicyGate>().Allows(Catalog.Current["GetRequest"]).ShouldBeFalse();
    }

    [Fact]
    public void No_redirect_is_followed_and_no_cookie_is_kept()
    {
        using var handler = new OutboundHandlers(Options.Create(new TlsOptions())).Create();
        (handler.AllowAutoRedirect, handler.UseCookies).ShouldBe((false, false));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stranger_is_turned_away_at_the_socket(bool isAllowed)
    {
        var path = Path.Combine(Path.GetTempPath(), $"peer-{Guid.NewGuid():N}.sock");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var check = new PeerCheck(isAllowed ? [PeerCheck.OwnUid()] : [PeerCheck.OwnUid() + 1], NullLogger<PeerCheck>.Instance);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(path, listen => listen.Use(next => connection => check.InvokeAsync(connection, next))));
        await using var app = builder.Build();
        app.MapGet("/", () => Results.Text("hello"));
        await app.StartAsync(Cancel);
        ListenAddress.TryParse($"unix:{path}", out var address, out _).ShouldBeTrue();
        using var handler = address!.CreateHandler();
        using var http = new HttpMessageInvoker(handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://localhost/");
        if (isAllowed) (await (await http.SendAsync(request, Cancel)).Content.ReadAsStringAsync(Cancel)).ShouldBe("hello");
        else await Should.ThrowAsync<HttpRequestException>(() => http.SendAsync(request, Cancel));
        await app.StopAsync(Cancel);
    }

    [Fact]
    public void The_broker_knows_nothing_of_mcp_and_the_shim()
    {
        var references = typeof(BrokerServer).Assembly.GetReferencedAssemblies().Select(assembly => assembly.Name!).ToList();
        references.ShouldContain("Sidecar.Contract");
        references.ShouldNotContain(name => name.StartsWith("ModelContextProtocol", StringComparison.Ordinal) || name == "shim");
    }

    [Fact]
    public void Only_the_sender_of_calls_and_those_who_get_tokens_and_grants_make_http_requests()
    {
        var broker = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "..", "broker"));
        var makers = Directory.EnumerateFiles(broker, "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(broker, file).Replace('\\', '/'))
            .Where(file => !file.StartsWith("obj/", StringComparison.Ordinal) && !file.StartsWith("bin/", StringComparison.Ordinal))
            .Where(file => File.ReadAllText(Path.Combine(broker, file)).Contains("new HttpRequestMessage", StringComparison.Ordinal));
        makers.Order(StringComparer.Ordinal).ShouldBe(["Onboarding/Grants/ZohoGrants.cs", "Sdp/SdpClient.cs", "Tokens/TechnicianKeys.cs", "Tokens/ZohoAccounts.cs"]);
    }

    private static IConfigurationRoot Configuration(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build();

    private static string ThisFile([CallerFilePath] string path = "") => path;
}

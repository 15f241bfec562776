using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Sidecar.Simulator;
using Xunit;

namespace Sidecar.Tests.Unit.Shim.Entra;

/// <summary>A simulated tenant with one application and its owner, and shims that trust it.</summary>
public sealed class EntraStage : IAsyncLifetime
{
    public const string Ada = "ada@example.com";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sidecar-entra-");

    public SimulatorHost Simulator { get; private set; } = null!;

    public EntraTenant Tenant => Simulator.Entra;

    public string Audience { get; } = Guid.NewGuid().ToString();

    private string CaFile => Path.Combine(_folder.FullName, "ca.pem");

    public async ValueTask InitializeAsync()
    {
        Simulator = await SimulatorHost.StartAsync(new SimulatorOptions(), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(CaFile, Simulator.CaPem, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await Simulator.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    public string Token(EntraTokenKind kind = EntraTokenKind.Good, string principalName = Ada, bool upn = false) =>
        Tenant.MakeUserToken(new EntraTokenWish { Audience = Audience, Kind = kind, PrincipalName = principalName, UpnClaim = upn });

    /// <summary>Settings of a shim that is Ada's, known by object id.</summary>
    public (string Key, string Value)[] Settings(params (string Key, string Value)[] more) =>
    [
        ("Shim:Access:Entra:TenantId", Tenant.TenantId),
        ("Shim:Access:Entra:Audience", Audience),
        ("Shim:Access:Entra:Owner", Tenant.ObjectIdOf(Ada)),
        ("Shim:Access:Entra:Authority", Simulator.EntraUrl.OriginalString),
        ("Tls:CaFile", CaFile),
        .. more,
    ];

    internal Task<RunningShim> StartShimAsync(params (string Key, string Value)[] more) => RunningShim.StartAsync(Settings(more));

    internal static async Task<Reply> AskAsync(RunningShim shim, string? token, Action<HttpRequestMessage>? change = null)
    {
        using var request = RunningShim.Request(RunningShim.Modern, "tools/list");
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        change?.Invoke(request);
        using var response = await shim.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return new Reply(response.StatusCode, response.Headers.WwwAuthenticate.ToString(), $"{response.Headers}", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    internal static async Task<JsonElement> ReadAsync(RunningShim shim, string path) =>
        JsonElement.Parse(await shim.Http.GetStringAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken));

    internal sealed record Reply(HttpStatusCode Status, string Challenge, string Headers, string Body);
}

namespace Sidecar.Broker.Credentials;

/// <summary>
/// One of Zoho's data centres, which share no accounts. What is known of them comes from the vendor's page of domains; a
/// company with its own domain, or with another accounts server, says so when a user is onboarded.
/// </summary>
/// <param name="Name">As people and the option <c>--dc</c> write it.</param>
/// <param name="AccountsUrl">Where grants and tokens are made.</param>
/// <param name="BaseUrl">Where ServiceDesk Plus answers.</param>
/// <param name="ConsoleUrl">Zoho's API console, where OAuth clients are registered.</param>
internal sealed record DataCentre(string Name, Uri AccountsUrl, Uri BaseUrl, Uri ConsoleUrl)
{
    public static IReadOnlyList<DataCentre> All { get; } =
    [
        Of("us", "zoho.com", "sdpondemand.manageengine.com"),
        Of("eu", "zoho.eu", "sdpondemand.manageengine.eu"),
        Of("in", "zoho.in", "sdpondemand.manageengine.in"),
        Of("au", "zoho.com.au", "servicedeskplus.net.au"),
        Of("cn", "zoho.com.cn", "servicedeskplus.cn"),
        Of("jp", "zoho.jp", "servicedeskplus.jp"),
        // Sources disagree about zoho.ca; Zoho's own documents say zohocloud.ca.
        Of("ca", "zohocloud.ca", "servicedeskplus.ca"),
        Of("uk", "zoho.uk", "servicedeskplus.uk"),
        Of("sa", "zoho.sa", "servicedeskplus.sa"),
    ];

    /// <summary>Name of the data centre of an accounts server, for people only: nothing is derived from it.</summary>
    public static string NameOf(Uri accountsUrl) =>
        accountsUrl.Host.Equals("accounts.zoho.ca", StringComparison.OrdinalIgnoreCase) ? "CA"
        : All.FirstOrDefault(centre => centre.AccountsUrl.Host.Equals(accountsUrl.Host, StringComparison.OrdinalIgnoreCase))?.Name.ToUpperInvariant() ?? "custom";

    private static DataCentre Of(string name, string zoho, string host) =>
        new(name, new Uri($"https://accounts.{zoho}"), new Uri($"https://{host}"), new Uri($"https://api-console.{zoho}"));
}

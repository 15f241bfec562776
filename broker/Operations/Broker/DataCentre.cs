namespace Sidecar.Broker.Operations.Broker;

/// <summary>Names of Zoho's data centres by accounts server; for people only, nothing is derived from them.</summary>
internal static class DataCentre
{
    public static string Of(Uri accountsUrl) => accountsUrl.Host.ToLowerInvariant() switch
    {
        "accounts.zoho.com" => "US",
        "accounts.zoho.eu" => "EU",
        "accounts.zoho.in" => "IN",
        "accounts.zoho.com.cn" => "CN",
        "accounts.zoho.com.au" => "AU",
        "accounts.zoho.jp" => "JP",
        "accounts.zohocloud.ca" or "accounts.zoho.ca" => "CA",
        "accounts.zoho.uk" => "UK",
        "accounts.zoho.sa" => "SA",
        _ => "custom",
    };
}

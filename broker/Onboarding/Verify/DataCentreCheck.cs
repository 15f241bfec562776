using Sidecar.Broker.Credentials;

namespace Sidecar.Broker.Onboarding.Verify;

/// <summary>Whether accounts server and instance are of one data centre: they share no accounts. Only hosts that are known can be told to disagree.</summary>
internal static class DataCentreCheck
{
    private const string Check = "data_centre";

    /// <summary>Null on premises, which has no accounts server.</summary>
    public static Finding? Of(Credential credential)
    {
        if (credential is not CloudCredential cloud) return null;
        var name = DataCentre.NameOf(cloud.AccountsUrl);
        var accounts = DataCentre.All.FirstOrDefault(centre => centre.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        var instance = DataCentre.All.FirstOrDefault(centre => centre.BaseUrl.Host.Equals(cloud.BaseUrl.Host, StringComparison.OrdinalIgnoreCase));
        return (accounts, instance) switch
        {
            (null, null) => Finding.Note(Check, $"{cloud.AccountsUrl.Host} is none of Zoho's known accounts servers, and the instance has a domain of its own: they cannot be compared."),
            (null, _) => Finding.Note(
                Check,
                $"{cloud.AccountsUrl.Host} is none of Zoho's known accounts servers; the instance is of {Shown(instance)}.",
                $"If it should be Zoho's own, onboard the user with --dc {instance.Name}, whose accounts server is {instance.AccountsUrl.Host}."),
            (_, null) => Finding.Good(Check, $"The accounts server is of {Shown(accounts)}; the instance has a domain of its own."),
            _ when accounts == instance => Finding.Good(Check, $"Accounts server and instance are both of {Shown(accounts)}."),
            _ => Finding.Bad(
                Check,
                $"The accounts server is of {Shown(accounts)} and the instance of {Shown(instance)}: they share no accounts.",
                $"Onboard the user with the data centre that they sign in at: --dc {instance.Name}, or --dc {accounts.Name} with its instance."),
        };
    }

    private static string Shown(DataCentre centre) => centre.Name.ToUpperInvariant();
}

namespace Sidecar.Shim.Results;

/// <summary>Sentences for whether a failed call changed anything.</summary>
internal static class Changed
{
    public const string Nothing = "Nothing was changed.";

    public const string Partly = "Only a part of it was done; the rest was not.";

    public const string Unknown = "It is not known whether the change was made. Do not repeat it before checking.";
}

namespace Sidecar.Scale.Inputs;

/// <summary>Where a number comes from, and so how far it can be trusted.</summary>
internal enum Source
{
    /// <summary>By this project, on its own programs.</summary>
    Measured,

    /// <summary>From a document of the vendor or the project that sets it.</summary>
    Vendor,

    /// <summary>Nobody measured it here: put your own in its place.</summary>
    Estimate,
}

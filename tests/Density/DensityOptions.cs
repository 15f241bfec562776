namespace Sidecar.Density;

/// <param name="Pods">How many to start.</param>
/// <param name="Binaries">Folder with the published programs.</param>
/// <param name="ReserveMegabytes">Memory that has to stay available.</param>
/// <param name="Output">Where the measurements go as JSON; null: nowhere.</param>
internal sealed record DensityOptions(int Pods, DirectoryInfo Binaries, int ReserveMegabytes, FileInfo? Output);

namespace Sidecar.Scale.Inputs;

/// <summary>A machine that pods run on.</summary>
internal sealed record NodeSize(string Name, int Cores, double MemoryGib, double DollarsAnHour);

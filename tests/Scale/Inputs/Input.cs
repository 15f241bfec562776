namespace Sidecar.Scale.Inputs;

/// <summary>One number that the model starts from.</summary>
internal sealed record Input(double Value, string Unit, Source Source, string From, string Note);

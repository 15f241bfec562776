using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sidecar.Scale.Inputs;

/// <summary>docs/scale.inputs.json.</summary>
internal sealed record InputFile(
    string About, int[] Users, int Headline, NodeSize[] Nodes, Dictionary<int, int> ReservedCpu, Dictionary<string, Input> Inputs)
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter<Source>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    public static InputFile Parse(string json) => JsonSerializer.Deserialize<InputFile>(json, Options)!;
}

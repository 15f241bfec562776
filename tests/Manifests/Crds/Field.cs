namespace Sidecar.Tests.Manifests.Crds;

/// <summary>A field of an add-on's object.</summary>
internal sealed record Field(string Type, bool IsRequired, int Depth, string[] Choices)
{
    /// <summary>Reads <c>name!:type[]=A|B</c>.</summary>
    public static KeyValuePair<string, Field> Parse(string text)
    {
        var (name, rest) = (text[..text.IndexOf(':', StringComparison.Ordinal)], text[(text.IndexOf(':', StringComparison.Ordinal) + 1)..]);
        var parts = rest.Split('=');
        var type = parts[0].Replace("[]", "", StringComparison.Ordinal);
        return KeyValuePair.Create(name.TrimEnd('!'), new Field(type, name.EndsWith('!'), (parts[0].Length - type.Length) / 2, parts.Length > 1 ? parts[1].Split('|') : []));
    }
}

using System.Reflection;
using Google.Protobuf.Collections;
using Google.Protobuf.Reflection;

namespace Sidecar.Contract;

/// <summary>
/// The comments of the contract by full name of what they describe. They come from descriptor sets that the build
/// embeds, because generated descriptors carry none.
/// </summary>
internal sealed class Comments
{
    // Field numbers in descriptor.proto, of which the paths in SourceCodeInfo are made.
    private const int MessageInFile = 4, EnumInFile = 5, ServiceInFile = 6;
    private const int FieldInMessage = 2, ValueInEnum = 2, MethodInService = 2;

    private readonly Dictionary<string, string> _byName = [];

    public Comments(Assembly assembly)
    {
        // The sets hold our own options too; unknown to this parser, they are kept aside.
        var sets = assembly.GetManifestResourceNames().Where(name => name.EndsWith(".pb", StringComparison.Ordinal));
        foreach (var name in sets)
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            foreach (var file in FileDescriptorSet.Parser.ParseFrom(stream).File)
                foreach (var location in file.SourceCodeInfo.Location)
                    if (location.HasLeadingComments && NameOf(file, location.Path) is { } fullName)
                        _byName[fullName] = Unwrap(location.LeadingComments);
        }
    }

    public string Of(IDescriptor descriptor) => _byName.GetValueOrDefault(descriptor.FullName, "");

    private static string? NameOf(FileDescriptorProto file, RepeatedField<int> path)
    {
        if (path.Count is not (2 or 4)) return null;
        var (owner, member) = path[0] switch
        {
            MessageInFile => (file.MessageType[path[1]].Name, path.Count == 4 && path[2] == FieldInMessage
                ? file.MessageType[path[1]].Field[path[3]].Name : null),
            EnumInFile => (file.EnumType[path[1]].Name, path.Count == 4 && path[2] == ValueInEnum
                ? file.EnumType[path[1]].Value[path[3]].Name : null),
            ServiceInFile => (file.Service[path[1]].Name, path.Count == 4 && path[2] == MethodInService
                ? file.Service[path[1]].Method[path[3]].Name : null),
            _ => (null, null),
        };
        if (owner is null || (path.Count == 4 && member is null)) return null;

        // In protobuf an enum's values are siblings of the enum, not members of it, yet C# descriptors name them as members.
        return string.Join('.', new[] { file.Package, owner, member }.Where(part => !string.IsNullOrEmpty(part)));
    }

    // A line break inside a paragraph is the source's; an empty line is the author's.
    private static string Unwrap(string comment) => string.Join(
        "\n\n",
        comment.Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .SelectMany(text => text.Split("\n \n"))
            .Select(paragraph => string.Join(' ', paragraph.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)))
            .Where(paragraph => paragraph.Length > 0));
}

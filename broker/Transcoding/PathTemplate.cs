using Google.Protobuf;
using Google.Protobuf.Reflection;
using Sidecar.Contract;

namespace Sidecar.Broker.Transcoding;

/// <summary>The path of a call, with the request's values in it.</summary>
internal static class PathTemplate
{
    /// <summary>The call's method and the first spelling of its path.</summary>
    public static (HttpMethod Method, string Template) Of(Call call) => call.HttpCase switch
    {
        Call.HttpOneofCase.Get => (HttpMethod.Get, call.Get),
        Call.HttpOneofCase.Post => (HttpMethod.Post, call.Post),
        Call.HttpOneofCase.Put => (HttpMethod.Put, call.Put),
        Call.HttpOneofCase.Delete => (HttpMethod.Delete, call.Delete),
        _ => throw new InvalidOperationException("The contract gives a call no path."),
    };

    /// <summary>True if the field's value is part of the path, and so not of the body.</summary>
    public static bool Uses(Call call, FieldDescriptor field) => Of(call).Template.Contains($"{{{field.Name}}}", StringComparison.Ordinal);

    /// <summary>Puts the request's values into the template; a value never becomes more than one segment.</summary>
    public static string Expand(string template, IMessage request)
    {
        foreach (var field in request.Descriptor.Fields.InFieldNumberOrder())
        {
            var hole = $"{{{field.Name}}}";
            if (template.Contains(hole, StringComparison.Ordinal))
                template = template.Replace(hole, Segment((string)field.Accessor.GetValue(request)), StringComparison.Ordinal);
        }

        return template;
    }

    // Ids are digits at every instance seen. Dots and slashes would climb out of the path even when escaped.
    private static string Segment(string value) => value.Length > 0 && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
        ? value
        : throw new ArgumentException("not an id");
}

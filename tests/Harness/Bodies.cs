namespace Sidecar.Tests.Harness;

/// <summary>Bodies as the instance writes them.</summary>
public static class Bodies
{
    /// <summary>A failure with one status code; 0 for none.</summary>
    public static string Error(int code, string field = "priority") => code == 0
        ? ""
        : $$$"""{"response_status":{"status_code":4000,"status":"failed","messages":[{"status_code":{{{code}}},"type":"failed","field":"{{{field}}}"}]}}""";
}

using System.Text.Json.Nodes;

namespace Sidecar.Tests.Containers.Pods.Rendering;

/// <summary>What Azure's workload identity webhook makes of a pod, as its documents and its source have it.</summary>
internal static class IdentityWebhook
{
    public const string Volume = "azure-identity-token", Folder = "/var/run/secrets/azure/tokens", File = "azure-identity-token";

    private const string Label = "azure.workload.identity/use", Skip = "azure.workload.identity/skip-containers", ClientId = "azure.workload.identity/client-id";

    public static void Apply(Translation pod)
    {
        var metadata = pod.Template["metadata"]!;
        if ((string?)metadata["labels"]?[Label] != "true") return;
        var skipped = ((string?)metadata["annotations"]?[Skip] ?? "").Split(';', StringSplitOptions.TrimEntries);
        foreach (var container in pod.Containers.Where(container => !skipped.Contains((string?)container["name"])))
        {
            AddEnvironment(container, "AZURE_CLIENT_ID", (string?)pod.ServiceAccount["metadata"]!["annotations"]?[ClientId] ?? "");
            AddEnvironment(container, "AZURE_TENANT_ID", pod.Cluster.TenantId);
            AddEnvironment(container, "AZURE_FEDERATED_TOKEN_FILE", $"{Folder}/{File}");
            AddEnvironment(container, "AZURE_AUTHORITY_HOST", pod.Cluster.AuthorityHost.OriginalString);
            Append(container, "volumeMounts", new JsonObject { ["name"] = Volume, ["mountPath"] = Folder, ["readOnly"] = true });
        }

        // A projected volume with a token for api://AzureADTokenExchange; here the simulated tenant's, in a folder.
        pod.List("volumes").Add(new JsonObject { ["name"] = Volume, ["hostPath"] = new JsonObject { ["path"] = pod.Cluster.TokenFolder, ["type"] = "Directory" } });
    }

    private static void AddEnvironment(JsonObject container, string name, string value)
    {
        if (container["env"]?.AsArray().Any(one => (string?)one!["name"] == name) == true) return;
        Append(container, "env", new JsonObject { ["name"] = name, ["value"] = value });
    }

    private static void Append(JsonObject container, string list, JsonObject item)
    {
        if (container[list] is null) container[list] = new JsonArray();
        container[list]!.AsArray().Add(item);
    }
}

using System.CommandLine;
using Sidecar.Scale;
using Sidecar.Scale.Inputs;

var merge = new Option<FileInfo>("--merge") { Description = "JSON object of inputs that were measured anew, with their values; they are put into docs/scale.inputs.json first." };
merge.AcceptExistingOnly();
var root = new RootCommand("Computes docs/scale.md from docs/scale.inputs.json and k8s/base.") { merge };
root.SetAction(result =>
{
    try
    {
        if (result.GetValue(merge) is { } file) File.WriteAllText(Repository.InputsFile, Merge.Into(File.ReadAllText(Repository.InputsFile), File.ReadAllText(file.FullName)));
    }
    catch (Exception e) when (e is ArgumentException or System.Text.Json.JsonException)
    {
        Console.Error.WriteLine($"Nothing was merged. {e.Message}");
        return 1;
    }

    File.WriteAllText(Repository.PageFile, Repository.Page());
    Console.WriteLine($"Wrote {Repository.PageFile}");
    return 0;
});
return root.Parse(args).Invoke();

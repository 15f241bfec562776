using System.CommandLine;
using Sidecar.Density;

var pods = new Option<int>("--pods") { Description = "How many to start, each another user's.", DefaultValueFactory = _ => 250 };
pods.Validators.Add(result =>
{
    if (result.GetValueOrDefault<int>() is not (>= 1 and <= 1000)) result.AddError("--pods is from 1 to 1000.");
});
var binaries = new Option<DirectoryInfo>("--binaries") { Description = "Folder with published broker and shim.", Required = true };
binaries.AcceptExistingOnly();
var reserve = new Option<int>("--reserve-mb") { Description = "No further pod is started once less memory is available.", DefaultValueFactory = _ => 2500 };
var output = new Option<FileInfo?>("--output") { Description = "Where to write what was measured, as tests/Scale takes it by --merge." };
var root = new RootCommand("Starts idle pods of pairs under podman and measures what one takes of memory, CPU and time.") { pods, binaries, reserve, output };
root.SetAction((result, cancellationToken) => DensityCommand.RunAsync(
    new DensityOptions(result.GetValue(pods), result.GetValue(binaries)!, result.GetValue(reserve), result.GetValue(output)),
    cancellationToken));
// After Ctrl-C the pods have to go, which takes podman its time.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(15) });

using System.CommandLine;
using Sidecar.Bench;
using Sidecar.Bench.Storms;

var binaries = new Option<string?>("--binaries") { Description = "Folder with published broker and shim. Default: those built with the bench." };
var calls = new Option<int>("--calls") { Description = "Calls before memory is looked at again, and in each round of the load; at most 20,000, all of which the simulator notes.", DefaultValueFactory = _ => 10_000 };
calls.Validators.Add(result =>
{
    if (result.GetValueOrDefault<int>() is < 100 or > 20_000) result.AddError("--calls is from 100 to 20,000.");
});
var starts = new Option<int>("--starts") { Description = "Cold starts.", DefaultValueFactory = _ => 9 };
var root = new RootCommand("Measures broker and shim against the simulator, beside a plain HttpClient, and prints a Markdown table.") { binaries, calls, starts };
root.SetAction((result, cancellationToken) =>
    BenchCommand.RunAsync(result.GetValue(binaries), result.GetValue(calls), result.GetValue(starts), cancellationToken));
var document = new Option<string?>("--document") { Description = "File to write the result to, in place of the terminal." };
var storm = new Command("storm", "Starts thousands of brokers against Key Vault's limits, in virtual time, and prints when they were ready.") { document };
storm.SetAction(result => StormCommand.Run(result.GetValue(document)));
root.Add(storm);
var rotations = new Option<int>("--rotations") { Description = "Rotations of each kind.", DefaultValueFactory = _ => 9 };
var rotation = new Command("rotation", "Measures how long a new version of the credential takes to be in use, and what calls it costs.") { binaries, rotations };
rotation.SetAction((result, cancellationToken) => Rotation.RunAsync(result.GetValue(binaries), result.GetValue(rotations), cancellationToken));
root.Add(rotation);
return await root.Parse(args).InvokeAsync();

using System.CommandLine;
using Sidecar.Soak;

var minutes = new Option<double>("--minutes") { Description = "How long the load lasts; settling what was left open comes on top.", DefaultValueFactory = _ => 10 };
minutes.Validators.Add(result =>
{
    if (result.GetValueOrDefault<double>() is not (>= 0.5 and <= 1440)) result.AddError("--minutes is from 0.5 to 1440.");
});
var seed = new Option<int>("--seed") { Description = "Decides what fails when, and what is called.", DefaultValueFactory = _ => 1 };
var binaries = new Option<string?>("--binaries") { Description = "Folder with published broker and shim. Default: those built with the soak." };
var afterUnknown = new Option<AfterUnknown>("--after-unknown")
{
    Description = "What a caller does after a create of unknown fate: repeat the identical call later, or look first and repeat it if nothing is there.",
    DefaultValueFactory = _ => AfterUnknown.Repeat,
};
var root = new RootCommand("Mixed load on broker and shim while everything around them fails at random; then every write is held against what the simulator has.")
{
    minutes, seed, binaries, afterUnknown,
};
root.SetAction((result, cancellationToken) => SoakCommand.RunAsync(
    new SoakOptions(TimeSpan.FromMinutes(result.GetValue(minutes)), result.GetValue(seed), result.GetValue(binaries), result.GetValue(afterUnknown)),
    cancellationToken));
return await root.Parse(args).InvokeAsync();

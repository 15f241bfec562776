using System.CommandLine;
using System.Runtime.InteropServices;
using Sidecar.Sandbox;

var check = new Option<bool>("--check") { Description = "Make a scripted MCP session against it, then end with exit code 0 or 1." };
var empty = new Option<bool>("--empty") { Description = "Start the simulator alone, with an empty vault, and say how to onboard its first user." };
var readyFile = new Option<string?>("--ready-file") { Description = "Write a JSON file with the addresses, the key and the process ids once all is up." };
var binaries = new Option<string?>("--binaries") { Description = "Folder with published broker and shim. Default: those built with the sandbox." };
var port = new Option<int>("--port") { Description = "Port of the MCP endpoint. Default: a free one." };
var brokerPort = new Option<int>("--broker-port") { Description = "Port of the broker. Default: a free one." };
var seed = new Option<int>("--seed") { Description = "Seed of the simulated service desk.", DefaultValueFactory = _ => 1 };
var root = new RootCommand("Runs the sidecar against a simulated ServiceDesk Plus, Zoho, Key Vault and Entra, until Ctrl-C.") { check, empty, readyFile, binaries, port, brokerPort, seed };
root.SetAction(async (result, cancellationToken) =>
{
    using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
    {
        context.Cancel = true;
        end.Cancel();
    });
    var options = new SandboxOptions(
        result.GetValue(check), result.GetValue(empty), result.GetValue(readyFile), result.GetValue(binaries), result.GetValue(port), result.GetValue(brokerPort), result.GetValue(seed));
    return await SandboxCommand.RunAsync(options, end.Token);
});
return await root.Parse(args).InvokeAsync();

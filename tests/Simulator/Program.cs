using System.Runtime.InteropServices;
using Sidecar.Simulator;
using Sidecar.Simulator.Hosting;

if (CommandLine.Parse(args) is not { } command)
{
    Console.Error.WriteLine(CommandLine.Usage);
    return 64;
}

var ended = new TaskCompletionSource();
void End(PosixSignalContext signal)
{
    signal.Cancel = true;
    ended.TrySetResult();
}

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);

await using var host = await SimulatorHost.StartAsync(command.Options);
Console.WriteLine($"""
    control   {host.ControlUrl.OriginalString}   (open it in a browser)
    accounts  {host.AccountsUrl.OriginalString}
    sdp       {host.SdpUrl.OriginalString}
    vault     {host.VaultUrl.OriginalString}
    entra     {host.EntraUrl.OriginalString}
    """);
if (command.ReadyFile is not null)
    await host.WriteReadyFileAsync(command.ReadyFile, command.Options.CaFile);
await ended.Task;
return 0;

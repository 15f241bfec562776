using System.CommandLine;
using Sidecar.Shim.Commands;

var shim = new RootCommand(
    "The model-facing half of the ServiceDesk Plus sidecar: turns MCP tool calls into calls of the broker. Holds no secret.")
{
    ServeCommand.Create(),
    HealthCommand.Create(),
    KeygenCommand.Create(),
};

// The host handles SIGTERM itself, and gives calls under way more than the two seconds they would get here.
return await shim.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });

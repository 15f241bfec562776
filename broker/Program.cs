using System.CommandLine;
using System.CommandLine.Invocation;
using Sidecar.Broker.Health;
using Sidecar.Broker.Hosting;
using Sidecar.Broker.Onboarding;

var serve = new Command("serve", "Holds one user's credential and performs ServiceDesk Plus operations for the shim. Settings come from the environment.");
serve.SetAction((_, cancellationToken) => BrokerServer.RunAsync(cancellationToken));

var live = new Option<bool>("--live") { Description = "Succeed if the broker answers at all, ready or not: for liveness and startup probes." };
var health = new Command("health", "Asks the broker at Broker__Listen whether it can make calls; says why not. Exit code 0 or 1.") { live };
health.SetAction((result, cancellationToken) => HealthCommand.RunAsync(BrokerServer.Configuration(), result.GetValue(live), cancellationToken));

var root = new RootCommand("ServiceDesk Plus credential broker: one process, one user, no way to read the secret.") { serve, health };
foreach (var command in OnboardingSetup.Commands()) root.Add(command);
GuidedCommand.ShowGuides(root);

var parsed = root.Parse(args);
// What is wrong with a command line stands alone: above all of the help it would not be seen.
if (parsed.Action is ParseErrorAction error) error.ShowHelp = false;

// The host handles SIGTERM itself, and gives calls under way more than the two seconds they would get here.
return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });

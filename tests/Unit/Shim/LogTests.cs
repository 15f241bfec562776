using System.Text.Json.Nodes;
using Grpc.Core;
using Shouldly;
using Sidecar.Contract.Sdp;
using Sidecar.Shim.Access;
using Xunit;

namespace Sidecar.Tests.Unit.Shim;

public class LogTests
{
    private const string Marker = "zebra-crossing";

    [Fact]
    public async Task However_much_is_logged_no_argument_no_answer_and_no_key_is()
    {
        var log = new LogLines();
        var key = ApiKey.Generate();
        var port = RunningShim.FreePort();
        await using var broker = await ScriptedBroker.StartAsync(port);
        await using var shim = await RunningShim.StartAsync(
            log,
            [
                ("Shim:Broker", $"http://127.0.0.1:{port}"),
                ("Logging:LogLevel:Default", "Trace"),
                ("Logging:LogLevel:Microsoft", "Trace"),
                ("Logging:LogLevel:ModelContextProtocol", "Trace"),
                ("Logging:Lines:LogLevel:Default", "Trace"),
                ("Logging:Console:LogLevel:Default", "None"),
                .. FrontDoorTests.Key("anna", key),
            ]);
        await shim.CallAsync(RunningShim.Modern, "create_request", new JsonObject { ["subject"] = Marker });
        shim.Http.DefaultRequestHeaders.Add("X-API-Key", key + "x");
        await shim.CallAsync(RunningShim.Modern, "create_request", new JsonObject { ["subject"] = Marker });
        shim.Http.DefaultRequestHeaders.Remove("X-API-Key");
        shim.Http.DefaultRequestHeaders.Add("X-API-Key", key);

        broker.Answer = (_, _) => Task.FromResult<Google.Protobuf.IMessage>(new Request { Subject = Marker });
        foreach (var version in new[] { RunningShim.Modern, RunningShim.Older })
            await shim.CallAsync(version, "create_request", new JsonObject { ["subject"] = Marker });
        await shim.CallAsync(RunningShim.Modern, "create_request", new JsonObject { ["subject"] = new JsonArray(Marker), ["nope"] = Marker });
        broker.Answer = (_, _) => Task.FromException<Google.Protobuf.IMessage>(new RpcException(new Status(StatusCode.InvalidArgument, $"{Marker} is unknown.")));
        await shim.CallAsync(RunningShim.Modern, "create_request", new JsonObject { ["subject"] = Marker });

        log.All.ShouldContain(line => line.Contains("create_request called by anna: InvalidArgument", StringComparison.Ordinal));
        log.All.ShouldContain(line => line.Contains("Refused a caller", StringComparison.Ordinal));
        log.All.Count.ShouldBeGreaterThan(50, "the server's own log at Trace is among it");
        log.All.ShouldNotContain(line => line.Contains(Marker, StringComparison.Ordinal));
        log.All.ShouldNotContain(line => line.Contains(key, StringComparison.Ordinal) || line.Contains(ApiKey.DigestOf(key), StringComparison.OrdinalIgnoreCase));
    }
}

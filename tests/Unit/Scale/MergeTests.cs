using Shouldly;
using Sidecar.Scale;
using Sidecar.Scale.Inputs;
using Xunit;

namespace Sidecar.Tests.Unit.Scale;

public class MergeTests
{
    private static readonly string Committed = File.ReadAllText(Repository.InputsFile);

    [Fact]
    public void Fresh_measurements_take_the_place_of_old_ones_and_nothing_else_changes()
    {
        var merged = Merge.Into(Committed, """{"pod.broker_idle": 41.25, "pod.ready": 2}""");
        var inputs = InputFile.Parse(merged).Inputs;
        inputs["pod.broker_idle"].Value.ShouldBe(41.25);
        inputs["pod.ready"].Value.ShouldBe(2);
        var changed = merged.Split('\n').Except(Committed.Split('\n')).ToList();
        changed.Count.ShouldBe(2);
        changed.ShouldAllBe(line => line.Contains("pod.broker_idle", StringComparison.Ordinal) || line.Contains("pod.ready", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_measured_input_can_be_measured_anew()
    {
        var measured = InputFile.Parse(Committed).Inputs.Where(input => input.Value.Source == Source.Measured).Select(input => input.Key).ToList();
        var inputs = InputFile.Parse(Merge.Into(Committed, $"{{{string.Join(',', measured.Select(name => $"\"{name}\": 12345.5"))}}}")).Inputs;
        foreach (var name in measured) inputs[name].Value.ShouldBe(12345.5, name);
    }

    [Theory]
    [InlineData("""{"pod.nothing": 1}""")]
    [InlineData("""{"vault.calls": 1}""")]
    [InlineData("""{"price.disk": 1}""")]
    [InlineData("""{"pod.ready": "2"}""")]
    [InlineData("""{"pod.ready": null}""")]
    [InlineData("[1]")]
    [InlineData("null")]
    public void What_was_not_measured_is_refused(string measurements) => Should.Throw<ArgumentException>(() => Merge.Into(Committed, measurements));
}

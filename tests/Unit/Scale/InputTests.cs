using System.Globalization;
using Shouldly;
using Sidecar.Broker.Credentials;
using Sidecar.Scale;
using Sidecar.Scale.Inputs;
using Sidecar.Scale.Page;
using Sidecar.Tests.Unit.Docs;
using Xunit;

namespace Sidecar.Tests.Unit.Scale;

public class InputTests
{
    [Fact]
    public void Each_input_counts_for_something()
    {
        var inputs = Repository.Inputs();
        ScalePage.Write(inputs, Repository.Pod());
        inputs.Unused.ShouldBeEmpty();
    }

    [Fact]
    public void Each_input_says_what_it_is_and_where_it_comes_from()
    {
        foreach (var (name, input) in Repository.Inputs().All)
        {
            input.Unit.ShouldNotBeEmpty(name);
            input.Value.ShouldBeGreaterThan(0, name);
            if (input.Source == Source.Estimate) input.Note.ShouldNotBeEmpty(name);
            else input.From.ShouldNotBeEmpty(name);
        }
    }

    [Fact]
    public void The_storm_that_was_simulated_is_the_one_of_its_document()
    {
        var row = new Document("docs/start-storm.md").Tables("brokers start").First(row => row[0] == "10,000 within 10.0 s" && row[1] == "1 × 4,000");
        var inputs = Repository.Inputs();
        Seconds(row[3]).ShouldBe(inputs["storm.simulated_least"]);
        Seconds(row[4]).ShouldBe(inputs["storm.simulated_ready"]);
    }

    [Fact]
    public void A_running_broker_reads_its_secret_as_often_as_the_model_thinks() =>
        new CredentialOptions { Source = CredentialSourceKind.KeyVault }.Interval.TotalSeconds.ShouldBe(Repository.Inputs()["vault.refresh"]);

    private static double Seconds(string cell) => double.Parse(cell.Replace(" s", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
}

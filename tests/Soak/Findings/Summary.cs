using System.Text;
using Sidecar.Soak.Load;
using Sidecar.Soak.Trouble;

namespace Sidecar.Soak.Findings;

/// <summary>What was done, what went wrong around it, and how it ended, as Markdown tables.</summary>
internal static class Summary
{
    public static string Of(SoakOptions options, IReadOnlyList<Mishap> plan, Ledger ledger, Tally tally, Watch watch)
    {
        var text = new StringBuilder().AppendLine(FormattableString.Invariant(
            $"Soak of {options.Duration.TotalMinutes:0.#} minutes, seed {options.Seed}: {ledger.Calls.Values.Sum():N0} tool calls, {tally.Received:N0} requests received by the simulator, {plan.Count} mishaps."));

        Table(text, "| tool | done | nothing changed | in part | not known | not answered |", ledger.Calls.Keys.Select(key => key.Tool).Distinct().Order(StringComparer.Ordinal).Select(tool =>
            $"| {tool} | {Calls(tool, Outcome.Done)} | {Calls(tool, Outcome.Nothing)} | {Calls(tool, Outcome.Partly)} | {Calls(tool, Outcome.Unknown)} | {ledger.Calls.Where(call => call.Key.Tool == tool && call.Key.IsSilence).Sum(call => call.Value)} |"));

        Table(text, "| writes in the end | all | done | nothing changed | in part | not known | took effect |", ledger.Writes.GroupBy(write => write.Tool).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group =>
            $"| {group.Key} | {group.Count()} | {Ended(group, Outcome.Done)} | {Ended(group, Outcome.Nothing)} | {Ended(group, Outcome.Partly)} | {Ended(group, Outcome.Unknown)} | {group.Sum(write => tally.Changes(write.Marker, write.Door))} |"));

        Table(text, "| after a create of unknown fate | times |", ledger.Repeats.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"| {pair.Key} | {pair.Value} |"));
        Table(text, "| mishap planned | times |", plan.SelectMany(mishap => mishap.Name.Split(" + ")).GroupBy(name => name).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => $"| {group.Key} | {group.Count()} |"));
        Table(text, "| fault that struck | times |", tally.Struck.Select(pair => $"| {pair.Key} | {pair.Value} |"));
        Table(text, "| resident memory since the last start | second tenth | last tenth | slope |", new[] { watch.Broker, watch.Shim }.Select(memory =>
            FormattableString.Invariant($"| {memory.Name} | {memory.Early / 1e6:0.0} MB | {memory.Late / 1e6:0.0} MB | {memory.Slope / 1e6:+0.00;-0.00} MB/min |")));
        return text.ToString();

        int Calls(string tool, Outcome outcome) => ledger.Calls.GetValueOrDefault((tool, outcome, false));
    }

    private static int Ended(IEnumerable<Write> writes, Outcome outcome) => writes.Count(write => write.Outcome == outcome);

    private static void Table(StringBuilder text, string head, IEnumerable<string> rows) =>
        text.AppendLine().AppendLine(head).AppendLine($"|---{string.Concat(Enumerable.Repeat("|--:", head.Count(character => character == '|') - 2))}|").AppendJoin('\n', rows).AppendLine();
}

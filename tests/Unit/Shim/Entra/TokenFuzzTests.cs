using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Sidecar.Shim.Access.Entra;
using Xunit;

namespace Sidecar.Tests.Unit.Shim.Entra;

/// <summary>Whatever is done to a good token, it is refused, and nothing else happens.</summary>
public sealed class TokenFuzzTests(EntraStage stage) : IClassFixture<EntraStage>
{
    private const int Rounds = 4000;

    private static readonly JsonNode?[] OddValues = [null, true, 0, -1, 1.5, long.MaxValue, "", " ", "2.0", new JsonArray(), new JsonArray("x", 1), new JsonObject()];

    [Fact]
    public async Task A_token_with_any_character_changed_taken_out_or_put_in_is_refused()
    {
        var (check, good) = (Check(), stage.Token());
        (await check.WhyNotAsync(good, TestContext.Current.CancellationToken)).ShouldBeNull();
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        for (var round = 0; round < Rounds; round++)
        {
            var text = new StringBuilder(good);
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                var at = random.Next(text.Length);
                switch (random.Next(4))
                {
                    case 0: text[at] = (char)random.Next(' ', 127); break;
                    case 1: text.Remove(at, Math.Min(random.Next(1, 40), text.Length - at)); break;
                    case 2: text.Insert(at, (char)random.Next(0, 0x3000)); break;
                    default: text.Insert(at, good.AsSpan(random.Next(good.Length - 20), 20)); break;
                }

                if (text.Length == 0) text.Append('.');
            }

            if (Same(text.ToString(), good)) continue;
            (await check.WhyNotAsync(text.ToString(), TestContext.Current.CancellationToken)).ShouldNotBeNull($"seed {seed}, round {round}");
        }
    }

    [Fact]
    public async Task Claims_and_headers_of_odd_types_are_refused_also_where_the_signature_is_not_looked_at()
    {
        var (check, good) = (Check(), stage.Token());
        foreach (var part in new[] { 0, 1 })
            foreach (var name in Part(good, part).Select(member => member.Key).ToList())
                foreach (var value in OddValues)
                {
                    var parts = good.Split('.');
                    var json = Part(good, part);
                    if (JsonNode.DeepEquals(json[name], value)) continue;
                    json[name] = value?.DeepClone();
                    parts[part] = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));
                    (await check.WhyNotAsync(string.Join('.', parts), TestContext.Current.CancellationToken)).ShouldNotBeNull($"{name}: {value?.ToJsonString()}");
                }
    }

    // The last character has bits that mean nothing.
    private static bool Same(string text, string good) => text == good || (text.Length == good.Length && text.StartsWith(good[..^1], StringComparison.Ordinal));

    private static JsonObject Part(string token, int index) => JsonNode.Parse(Base64Url.DecodeFromChars(token.Split('.')[index]))!.AsObject();

    private TokenCheck Check()
    {
        var settings = SettingsTests.Read(stage.Settings());
        return new TokenCheck(settings.Entra!, new EntraKeys(new KeySource(settings), TimeProvider.System, NullLogger<EntraKeys>.Instance), TimeProvider.System);
    }
}

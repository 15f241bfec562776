using Shouldly;
using Sidecar.Broker.Sdp;
using Xunit;

namespace Sidecar.Tests.Unit.Broker;

public class DialectTests
{
    private readonly Dialect _dialect = new();
    private readonly List<string> _spoken = [];

    [Fact]
    public async Task The_second_spelling_is_tried_once_and_remembered()
    {
        (await SpeakAsync("second")).ShouldBe("second");
        (await SpeakAsync("second")).ShouldBe("second");
        _spoken.ShouldBe(["first", "second", "second"]);
    }

    [Fact]
    public async Task An_instance_that_changes_its_mind_is_followed()
    {
        await SpeakAsync("second");
        await SpeakAsync("first");
        await SpeakAsync("first");
        _spoken.ShouldBe(["first", "second", "second", "first", "first"]);
    }

    [Fact]
    public async Task If_neither_is_known_the_first_answer_is_told()
    {
        (await Should.ThrowAsync<SdpException>(() => SpeakAsync("neither"))).Message.ShouldBe("first");
        _spoken.ShouldBe(["first", "second"]);
    }

    [Fact]
    public async Task Another_refusal_is_told_at_once()
    {
        await Should.ThrowAsync<SdpException>(() => _dialect.SpeakAsync<string>("choice", "first", "second", refusal => refusal.IsUnknownPath, path =>
        {
            _spoken.Add(path);
            throw new SdpException(SdpFailure.NoAnswer, "gone");
        }));
        _spoken.ShouldBe(["first"]);
    }

    [Fact]
    public async Task A_refusal_of_the_second_spelling_for_another_reason_shows_that_it_is_spoken()
    {
        await Should.ThrowAsync<SdpException>(() => _dialect.SpeakAsync<string>("choice", "first", "second", refusal => refusal.IsUnknownPath, path =>
            throw new SdpException(SdpFailure.Refused, path) { HttpStatus = path == "first" ? 404 : 400 }));
        await SpeakAsync("second");
        _spoken.ShouldBe(["second"]);
    }

    [Fact]
    public async Task Without_a_second_spelling_there_is_one_call()
    {
        await Should.ThrowAsync<SdpException>(() => _dialect.SpeakAsync<string>("choice", "first", "", _ => true, path =>
        {
            _spoken.Add(path);
            throw new SdpException(SdpFailure.Refused, path);
        }));
        _spoken.ShouldBe(["first"]);
    }

    [Fact]
    public async Task Many_at_once_all_get_their_answer()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => _dialect.SpeakAsync("choice", "first", "second", refusal => refusal.IsUnknownPath, async path =>
        {
            await Task.Yield();
            return path == "second" ? path : throw new SdpException(SdpFailure.Refused, path) { HttpStatus = 404 };
        })));
        answers.ShouldAllBe(answer => answer == "second");
    }

    private Task<string> SpeakAsync(string known) => _dialect.SpeakAsync("choice", "first", "second", refusal => refusal.IsUnknownPath, path =>
    {
        _spoken.Add(path);
        return path == known ? Task.FromResult(path) : throw new SdpException(SdpFailure.Refused, path) { HttpStatus = 404 };
    });
}

using System.Collections.Concurrent;

namespace Sidecar.Broker.Sdp;

/// <summary>
/// Remembers which spelling this instance speaks where two exist. The other one is tried once, and only after an answer
/// that proves that nothing happened.
/// </summary>
internal sealed class Dialect
{
    private readonly ConcurrentDictionary<string, string> _spoken = new(StringComparer.Ordinal);

    /// <summary>What was found out so far, one "choice: spelling" each, in order of the choices.</summary>
    public IEnumerable<string> Spoken => _spoken.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}: {pair.Value}");

    /// <summary>The spelling that was found out for a choice; null if none was.</summary>
    public string? this[string choice] => _spoken.GetValueOrDefault(choice);

    /// <summary>Remembers the spelling of a choice.</summary>
    public void Remember(string choice, string spelling) => _spoken[choice] = spelling;

    /// <summary>Calls with the spelling that worked before, and once with the other one if that is refused as unknown.</summary>
    /// <param name="choice">What there is a choice of, for people.</param>
    /// <param name="first">The spelling to begin with.</param>
    /// <param name="second">The other one; null or empty where there is none.</param>
    /// <param name="isOtherSpelling">Tells whether a failure means "not this spelling".</param>
    /// <param name="call">The call, given the spelling.</param>
    public async Task<T> SpeakAsync<T>(string choice, string first, string? second, Func<SdpException, bool> isOtherSpelling, Func<string, Task<T>> call)
    {
        if (string.IsNullOrEmpty(second)) return await call(first);

        var known = this[choice];
        var (likely, other) = known == second ? (second, first) : (first, second);
        try
        {
            var result = await call(likely);
            if (known is null) Remember(choice, likely);
            return result;
        }
        catch (SdpException refusal) when (isOtherSpelling(refusal))
        {
            try
            {
                var result = await call(other);
                Remember(choice, other);
                return result;
            }
            catch (SdpException again) when (isOtherSpelling(again))
            {
                // Neither: then the spelling was not what was wrong, and the first answer is the one to tell.
                throw refusal;
            }
            catch (SdpException again) when (again.Failure is SdpFailure.Refused or SdpFailure.Warning)
            {
                // Understood, and refused for another reason.
                Remember(choice, other);
                throw;
            }
        }
    }
}

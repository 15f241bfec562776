using System.Collections.Concurrent;

namespace Sidecar.Broker.Sdp;

/// <summary>
/// Remembers which spelling this instance speaks where two exist. The other one is tried once, and only after an answer
/// that proves that nothing happened.
/// </summary>
internal sealed class Dialect
{
    private readonly ConcurrentDictionary<string, bool> _second = new();

    /// <summary>Calls with the spelling that worked before, and once with the other one if that is refused as unknown.</summary>
    /// <param name="first">The spelling to begin with; it names the choice.</param>
    /// <param name="second">The other one; null or empty where there is none.</param>
    /// <param name="isOtherSpelling">Tells whether a failure means "not this spelling".</param>
    /// <param name="call">The call, given the spelling.</param>
    public async Task<T> SpeakAsync<T>(string first, string? second, Func<SdpException, bool> isOtherSpelling, Func<string, Task<T>> call)
    {
        if (string.IsNullOrEmpty(second)) return await call(first);

        var known = _second.TryGetValue(first, out var usesSecond);
        try
        {
            var result = await call(usesSecond ? second : first);
            if (!known) _second[first] = false;
            return result;
        }
        catch (SdpException refusal) when (isOtherSpelling(refusal))
        {
            try
            {
                var result = await call(usesSecond ? first : second);
                _second[first] = !usesSecond;
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
                _second[first] = !usesSecond;
                throw;
            }
        }
    }
}

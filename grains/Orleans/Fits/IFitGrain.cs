using Orleans.Concurrency;
using Sweep.Grains.Orleans.Wire;

namespace Sweep.Grains.Orleans.Fits;

/// <summary>
/// One per content-addressed fit (a dataset's draw and a preprocessing): has it made once in the cluster, and gives it to whoever asks. A fit is a pure
/// function of its content, so two that were made are the same, and one that was lost is made again: nothing of it is stored. Its key is the store's, a slash,
/// and the content's hash.
/// </summary>
[Alias("sweep.IFitGrain")]
public interface IFitGrain : IGrainWithStringKey
{
    /// <summary>
    /// The fit, or the order to make it. While another silo makes it the call waits, and may return the request to ask again.
    /// </summary>
    /// <param name="asker">Unique; a second call under the same name means that the first answer was lost.</param>
    [Alias("ask.1")]
    Task<WireFit> AskAsync(string asker);

    /// <summary>A heartbeat of the maker. Without one for a while, another silo is told to make it.</summary>
    [OneWay]
    [Alias("making.1")]
    Task MakingAsync(string asker);

    /// <summary>It is made.</summary>
    /// <param name="fit">As UTF-8 JSON; empty: too large to travel, so that everybody makes its own.</param>
    [Alias("made.1")]
    Task MadeAsync(byte[] fit);

    /// <summary>It couldn't be made: the next one tries.</summary>
    [Alias("gave-up.1")]
    Task GaveUpAsync(string asker);
}

using Sweep.Grains.Coordination;

namespace Sweep.Grains.Orleans.Fits;

/// <summary>
/// How long the maker of a fit may go without a heartbeat, which it sends four times as often. A third of a lease: the silos that wait keep theirs.
/// </summary>
public static class FitTimeout
{
    public static TimeSpan Of(CoordinatorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.LeaseDuration / 3;
    }
}

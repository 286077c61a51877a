using Sweep.Grains.Coordination;

namespace Sweep.Grains.Orleans.Fits;

/// <summary>How long the maker of a fit may be silent; it speaks up four times as often. A third of a lease: who waits keeps its own.</summary>
public static class FitPatience
{
    public static TimeSpan Of(CoordinatorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.LeaseDuration / 3;
    }
}

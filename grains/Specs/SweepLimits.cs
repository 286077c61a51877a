namespace Sweep.Grains.Specs;

/// <summary>A spec's <c>limits</c>. They determine no result, so they are no part of any identity.</summary>
public sealed record SweepLimits
{
    /// <summary>None.</summary>
    public static readonly SweepLimits None = new();

    /// <summary>How long a trial may go without progress; null goes by its estimate.</summary>
    public TimeSpan? Trial { get; init; }

    /// <summary>The number of trials failed for good at which the sweep is stopped; null for none.</summary>
    public int? Failed { get; init; }

    /// <summary>How many trials run at a time at most; null for as many as there are slots.</summary>
    public int? Slots { get; init; }

    /// <summary>Its share of slots beside other sweeps of the store.</summary>
    public double Priority { get; init; } = 1;
}

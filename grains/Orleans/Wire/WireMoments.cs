using Sweep.Grains.Comparison.Statistics;

namespace Sweep.Grains.Orleans.Wire;

/// <summary>Count, mean and variance, with the mean's 95% interval where there is one.</summary>
[GenerateSerializer]
[Immutable]
[Alias("sweep.moments.1")]
public sealed record WireMoments
{
    [Id(0)]
    public required int Count { get; init; }

    [Id(1)]
    public double? Mean { get; init; }

    /// <summary>Unbiased; null with fewer than two values.</summary>
    [Id(2)]
    public double? Variance { get; init; }

    [Id(3)]
    public double? Low { get; init; }

    [Id(4)]
    public double? High { get; init; }

    public static WireMoments Of(RunningMoments moments)
    {
        ArgumentNullException.ThrowIfNull(moments);
        MeanInterval? interval = moments.Interval;
        return new WireMoments
        {
            Count = moments.Count, Mean = interval?.Mean, Variance = moments.Count > 1 ? moments.Variance : null, Low = interval?.Low, High = interval?.High,
        };
    }
}

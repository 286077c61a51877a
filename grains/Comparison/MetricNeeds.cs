namespace Sweep.Grains.Comparison;

/// <summary>What a trial must have for a metric to have a value.</summary>
[Flags]
public enum MetricNeeds
{
    Nothing = 0,

    /// <summary>A dataset whose density is known.</summary>
    Density = 1,

    /// <summary>A dataset whose modes are known.</summary>
    Modes = 2,

    /// <summary>A network that is trained.</summary>
    Training = 4,
}

namespace Sweep.Grains.Comparison;

/// <summary>What a trial must have for a metric to have a value, beside a diagnostic that its spec must ask for.</summary>
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

    /// <summary>The exact score in latent space: a Gaussian mixture behind an affine preprocessing.</summary>
    ExactScore = 8,

    /// <summary>Data of one dimension.</summary>
    OneDimension = 16,
}

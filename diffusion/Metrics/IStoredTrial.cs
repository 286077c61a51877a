namespace Sweep.Diffusion.Metrics;

/// <summary>What a trial stored, as derived metrics see it.</summary>
public interface IStoredTrial
{
    /// <summary>A metric; null where the trial stored none of that name.</summary>
    Measurement? Metric(string name);

    /// <summary>What fresh true samples score by a metric; null where that is not known.</summary>
    double? TruthLevel(string metric);
}

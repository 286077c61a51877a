using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Schedules;
using Sweep.Diffusion.Training;

namespace Sweep.Grains.Specs;

/// <summary>The <c>training</c> section's words as a <see cref="TrainingDesign"/>.</summary>
public static class TrainingDesigns
{
    /// <exception cref="ArgumentException">A word that no validated spec holds.</exception>
    public static TrainingDesign Of(TrainingSpec training, ISchedule schedule)
    {
        ArgumentNullException.ThrowIfNull(training);
        return new TrainingDesign
        {
            Schedule = schedule,
            Parametrisation = Enum.Parse<Parametrisation>(training.Parametrisation, ignoreCase: true),
            Distribution = Distribution(training),
            Weighting = Weighting(training.Weighting),
            Scale = training.SigmaData switch
            {
                null or "rms" => DataScale.RootMeanSquare,
                "std" => DataScale.StandardDeviation,
                var other => throw new ArgumentException($"sigma_data: {other}; allowed: rms, std", nameof(training)),
            },
        };
    }

    private static NoiseDistribution Distribution(TrainingSpec training) => training.NoiseDistribution switch
    {
        null or "uniform-t" => NoiseDistribution.UniformTime,
        "uniform-sigma" => NoiseDistribution.UniformSigma,
        "log-uniform-sigma" => NoiseDistribution.LogUniformSigma,
        "log-normal" => NoiseDistribution.LogNormalSigma(training.NoiseMean ?? -1.2, training.NoiseStd ?? 1.2),
        var other => throw new ArgumentException($"noise distribution: {other}; allowed: uniform-t, uniform-sigma, log-uniform-sigma, log-normal",
            nameof(training)),
    };

    private static LossWeighting Weighting(string? word) => word switch
    {
        null or "unit" => LossWeighting.Unit,
        "epsilon" => LossWeighting.Epsilon,
        "inverse-sigma2" => LossWeighting.InverseSigma2,
        "edm" => LossWeighting.Edm,
        "min-snr" => LossWeighting.MinSnr,
        _ => throw new ArgumentException($"weighting: {word}; allowed: unit, epsilon, inverse-sigma2, edm, min-snr", nameof(word)),
    };
}

using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Schedules;

namespace Sweep.Diffusion.Training;

/// <summary>What the network learns and at which noise levels.</summary>
public sealed record TrainingDesign
{
    public required ISchedule Schedule { get; init; }

    public Parametrisation Parametrisation { get; init; } = Parametrisation.Epsilon;

    public NoiseDistribution Distribution { get; init; } = NoiseDistribution.UniformTime;

    public LossWeighting Weighting { get; init; } = LossWeighting.Unit;

    public DataScale Scale { get; init; } = DataScale.RootMeanSquare;

    /// <summary>The weight of a level's squared error of the network's own target.</summary>
    public double Weight(NoiseLevel level, double sigmaData)
    {
        double sigma2 = level.Sigma * level.Sigma, data2 = sigmaData * sigmaData;
        double output = ParametrisationCoefficients.For(Parametrisation, level, sigmaData).OutputScale;
        return Weighting switch
        {
            LossWeighting.Unit => 1,
            LossWeighting.Epsilon or LossWeighting.InverseSigma2 => output * output / sigma2,
            LossWeighting.Edm => output * output * (sigma2 + data2) / (sigma2 * data2),
            LossWeighting.MinSnr => output * output * Math.Min(1 / sigma2, 5),
            _ => throw new TrainingDesignException($"loss weighting: {Weighting}; allowed: {string.Join(", ", Enum.GetNames<LossWeighting>())}"),
        };
    }
}

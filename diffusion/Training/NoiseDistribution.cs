using Sweep.Diffusion.Schedules;

namespace Sweep.Diffusion.Training;

/// <summary>Which noise levels training sees, as a quantile function over a schedule. Immutable.</summary>
public abstract record NoiseDistribution
{
    /// <summary>Uniform in the schedule's time.</summary>
    public static NoiseDistribution UniformTime { get; } = new UniformInTime();

    /// <summary>Uniform in sigma = noise / signal between the schedule's ends.</summary>
    public static NoiseDistribution UniformSigma { get; } = new UniformInSigma();

    /// <summary>Uniform in ln(sigma) between the schedule's ends; needs a schedule whose least sigma is above 0.</summary>
    public static NoiseDistribution LogUniformSigma { get; } = new LogUniformInSigma();

    /// <summary>ln(sigma) ~ N(mean, deviation^2) (EDM trains with -1.2 and 1.2), held between the schedule's ends.</summary>
    public static NoiseDistribution LogNormalSigma(double mean = -1.2, double deviation = 1.2) =>
        double.IsFinite(mean) && deviation > 0 && double.IsFinite(deviation)
        ? new LogNormalInSigma(mean, deviation)
        : throw new ArgumentOutOfRangeException(nameof(deviation),
            $"log-normal noise: mean {mean}, deviation {deviation}; allowed: finite, deviation greater than 0");

    /// <summary>The level below which a share of training levels lies.</summary>
    /// <param name="schedule">Whose levels.</param>
    /// <param name="quantile">Strictly between 0 and 1.</param>
    /// <exception cref="TrainingDesignException">The distribution makes no sense with this schedule.</exception>
    public abstract NoiseLevel Quantile(ISchedule schedule, double quantile);

    private sealed record UniformInTime : NoiseDistribution
    {
        public override NoiseLevel Quantile(ISchedule schedule, double quantile) => schedule.At(quantile);
    }

    private sealed record UniformInSigma : NoiseDistribution
    {
        public override NoiseLevel Quantile(ISchedule schedule, double quantile)
        {
            double low = schedule.At(0).Sigma, high = schedule.At(1).Sigma;
            return schedule.AtSigma(low + (quantile * (high - low)));
        }
    }

    private sealed record LogUniformInSigma : NoiseDistribution
    {
        public override NoiseLevel Quantile(ISchedule schedule, double quantile)
        {
            double low = schedule.At(0).Sigma, high = schedule.At(1).Sigma;
            return low > 0
                ? schedule.AtSigma(low * Math.Pow(high / low, quantile))
                : throw new TrainingDesignException(
                    $"log-uniform noise distribution: the schedule's least sigma is {low}; allowed: a schedule with sigma_min above 0 (ve, edm)");
        }
    }

    private sealed record LogNormalInSigma(double Mean, double Deviation) : NoiseDistribution
    {
        public override NoiseLevel Quantile(ISchedule schedule, double quantile)
        {
            double sigma = Math.Exp(MathNet.Numerics.Distributions.Normal.InvCDF(Mean, Deviation, quantile));
            return schedule.AtSigma(Math.Clamp(sigma, schedule.At(0).Sigma, schedule.At(1).Sigma));
        }
    }
}

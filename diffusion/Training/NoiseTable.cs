using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Schedules;

namespace Sweep.Diffusion.Training;

/// <summary>
/// A training design's noise distribution as <see cref="Rows"/> equally likely levels (the quantiles at the midpoints), with all that a training step needs of
/// each: so the hot loop, on any device, holds no logarithm, sine or root of the schedule. Immutable, thread-safe.
/// </summary>
public sealed class NoiseTable
{
    public const int Rows = 4096;

    /// <summary>Floats per row of <see cref="Coefficients"/>.</summary>
    public const int CoefficientStride = 8;

    /// <summary>
    /// Columns of <see cref="Coefficients"/>: the scaled input is InputClean x0 + InputNoise epsilon, the target TargetClean x0 + TargetNoise epsilon; the rest
    /// is padding.
    /// </summary>
    public const int InputClean = 0, InputNoise = 1, TargetClean = 2, TargetNoise = 3, Weight = 4;

    /// <param name="design">What to tabulate.</param>
    /// <param name="sigmaData">The data's scale.</param>
    /// <param name="timeFeatures">Features per row, even.</param>
    /// <exception cref="TrainingDesignException">The parts make no sense together.</exception>
    public NoiseTable(TrainingDesign design, double sigmaData, int timeFeatures)
    {
        if (!(sigmaData > 0 && double.IsFinite(sigmaData)))
            throw new TrainingDesignException($"training data: sigma_data {sigmaData}; allowed: finite and greater than 0");
        SigmaData = sigmaData;
        TimeFeatureCount = timeFeatures;
        var levels = new NoiseLevel[Rows];
        float[] coefficients = new float[Rows * CoefficientStride], features = new float[Rows * timeFeatures];
        for (int row = 0; row < Rows; row++)
        {
            var level = levels[row] = design.Distribution.Quantile(design.Schedule, (row + 0.5) / Rows);
            if (!(level.Signal > 0 && level.Noise > 0))
                throw new TrainingDesignException(
                    $"noise level at quantile {(row + 0.5) / Rows}: signal {level.Signal}, noise {level.Noise}; allowed: both greater than 0");
            var c = ParametrisationCoefficients.For(design.Parametrisation, level, sigmaData);
            double weight = design.Weight(level, sigmaData);
            var target = coefficients.AsSpan(row * CoefficientStride, CoefficientStride);
            target[InputClean] = (float)(c.InputScale * level.Signal);
            target[InputNoise] = (float)(c.InputScale * level.Noise);
            target[TargetClean] = (float)c.TargetClean;
            target[TargetNoise] = (float)c.TargetNoise;
            target[Weight] = (float)weight;
            if (!float.IsFinite(target[Weight]) || target[Weight] < 0)
                throw new TrainingDesignException(
                    $"weight of sigma {level.Sigma}: {weight}; allowed: finite (weighting {design.Weighting} doesn't suit parametrisation "
                    + $"{design.Parametrisation} on this schedule)");
            TimeFeatures.Fill(level, features.AsSpan(row * timeFeatures, timeFeatures));
        }

        Levels = levels;
        CoefficientArray = coefficients;
        FeatureArray = features;
    }

    public double SigmaData { get; }

    public int TimeFeatureCount { get; }

    /// <summary>By rising sigma.</summary>
    public IReadOnlyList<NoiseLevel> Levels { get; }

    /// <summary>Row-major (<see cref="Rows"/>, <see cref="CoefficientStride"/>).</summary>
    public ReadOnlySpan<float> Coefficients => CoefficientArray;

    /// <summary>Row-major (<see cref="Rows"/>, time features).</summary>
    public ReadOnlySpan<float> Features => FeatureArray;

    internal float[] CoefficientArray { get; }

    internal float[] FeatureArray { get; }
}

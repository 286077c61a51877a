using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Schedules;

namespace Sweep.Diffusion.Training;

/// <summary>
/// A training design's loss on points that training doesn't see, with noise that is drawn once: <see cref="Levels"/> noise levels, the midpoint quantiles of
/// the design's noise distribution, have an equal share of the points each. So models are held against each other row by row on equal inputs: the steps of a
/// training run, another run, the exact denoiser. Immutable, thread-safe.
/// </summary>
public sealed class ValidationLoss
{
    /// <summary>Noise levels; the loss is smooth in them.</summary>
    public const int Levels = 64;

    /// <summary>Points at most: about 1% of the cost of training an ordinary network on as many as 50 occasions.</summary>
    public const int MaxRows = 1024;

    private readonly PointSet _clean;
    private readonly double[] _noisy;
    private readonly (NoiseLevel Level, double Scale, int First, int End)[] _parts;

    /// <param name="design">Whose loss.</param>
    /// <param name="sigmaData">The training data's scale.</param>
    /// <param name="latents">Held-out points after preprocessing, at least one; the first <see cref="MaxRows"/> are used.</param>
    /// <param name="seed">Of the noise.</param>
    public ValidationLoss(TrainingDesign design, double sigmaData, PointSet latents, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(design);
        ArgumentNullException.ThrowIfNull(latents);
        if (latents.Count == 0)
            throw new ArgumentException("points: 0; allowed: at least 1", nameof(latents));
        int d = latents.Dimensions;
        Rows = Math.Min(latents.Count, MaxRows);
        _clean = Rows == latents.Count ? latents : new PointSet(latents.Values[..(Rows * d)], d);
        _noisy = new double[Rows * d];
        NormalNoise.Fill(_noisy, seed, NoisePurpose.ValidationNoise, 0, 0, d);
        int levels = Math.Min(Levels, Rows);
        _parts = new (NoiseLevel, double, int, int)[levels];
        for (int i = 0; i < levels; i++)
        {
            NoiseLevel level = design.Distribution.Quantile(design.Schedule, (i + 0.5) / levels);
            double output = ParametrisationCoefficients.For(design.Parametrisation, level, sigmaData).OutputScale;

            // The network's own target is missed by the error of x0-hat over the scale of its output.
            (int first, int end) = (Rows * i / levels, Rows * (i + 1) / levels);
            _parts[i] = (level, design.Weight(level, sigmaData) / (output * output * d), first, end);
            for (int j = first * d; j < end * d; j++)
                _noisy[j] = (level.Signal * _clean.Values[j]) + (level.Noise * _noisy[j]);
        }
    }

    /// <summary>How many losses there are: one per point, each at one noise level.</summary>
    public int Rows { get; }

    /// <summary>A model's loss on every row: weight times squared error of the network's target, mean over dimensions. Their mean is the loss.</summary>
    public float[] Of(IDenoiser denoiser)
    {
        ArgumentNullException.ThrowIfNull(denoiser);
        int d = _clean.Dimensions;
        var losses = new float[Rows];
        var x0Hat = new double[_noisy.Length];
        foreach ((NoiseLevel level, double scale, int first, int end) in _parts)
        {
            Range values = (first * d)..(end * d);
            denoiser.Denoise(_noisy.AsSpan(values), level, x0Hat.AsSpan(values));
            for (int row = first; row < end; row++)
            {
                double squares = 0;
                for (int j = row * d; j < (row + 1) * d; j++)
                    squares += (x0Hat[j] - _clean.Values[j]) * (x0Hat[j] - _clean.Values[j]);
                losses[row] = (float)(scale * squares);
            }
        }

        return losses;
    }
}

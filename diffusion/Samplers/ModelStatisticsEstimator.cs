using MathNet.Numerics.Interpolation;
using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Schedules;

namespace Sweep.Diffusion.Samplers;

/// <summary>
/// Estimates <see cref="ModelStatistics"/> from denoiser evaluations at noised training points (arXiv 2310.13268, appendix C.1.1). Derivatives are central
/// differences, not automatic ones; the same points and noise are used at every level, so that the estimates are smooth in lambda. Five evaluations
/// per point and level.
/// </summary>
internal sealed class ModelStatisticsEstimator
{
    /// <summary>The step in y for derivatives, in units of sigma: x0-hat hardly bends within it, and fp32 rounding stays below a thousandth.</summary>
    private const double StateStep = 0.05;

    /// <summary>The step in lambda along the flow: truncation 1e-4 of the third derivative, fp32 rounding 1e-5.</summary>
    private const double FlowStep = 0.02;

    /// <summary>What is added to the variance of f, relative to x0-hat's second moment: below it f is a constant and rounding, and s is left at 0.</summary>
    private const double Ridge = 1e-8;

    private readonly IDenoiser _denoiser;
    private readonly NoiseLevel _scale;
    private readonly int _dimensions;

    /// <summary>Row-major (n, d) each: clean points, noise, and random signs.</summary>
    private readonly double[] _clean;
    private readonly double[] _noise;
    private readonly double[] _signs;

    /// <summary>Row-major (n, d) buffers.</summary>
    private readonly double[] _x;
    private readonly double[] _x0Hat;
    private readonly double[] _above;
    private readonly double[] _below;

    private ModelStatisticsEstimator(SamplerPreparation preparation, int points)
    {
        _denoiser = preparation.Denoiser;
        _scale = preparation.Grid[0];
        _dimensions = preparation.Denoiser.Dimensions;
        PointSet training = preparation.Training;
        if (training.Count == 0 || training.Dimensions != _dimensions)
            throw new ArgumentException($"training points: {training.Count} of {training.Dimensions} dimensions; allowed: 1 or more of {_dimensions}",
                nameof(preparation));
        int length = points * _dimensions;
        _clean = new double[length];
        _noise = new double[length];
        _signs = new double[length];
        _x = new double[length];
        _x0Hat = new double[length];
        _above = new double[length];
        _below = new double[length];
        var stream = new PhiloxStream(preparation.Seed, NoisePurpose.ModelStatistics);
        for (int row = 0; row < points; row++)
            training.Row(stream.NextInt(training.Count)).CopyTo(_clean.AsSpan(row * _dimensions));
        stream.FillNormal(_noise);
        for (int i = 0; i < length; i++)
            _signs[i] = (stream.NextUInt64() & 1) == 0 ? 1 : -1;
    }

    /// <param name="preparation">The model, its grid and its training points.</param>
    /// <param name="levels">Levels of noise between the grid's most and least, at least; as many more as <see cref="DpmSolverV3.WidestSpacing"/> asks
    /// for.</param>
    /// <param name="points">Training points drawn (with repetition), 2 or more.</param>
    public static ModelStatistics Estimate(SamplerPreparation preparation, int levels, int points)
    {
        NoiseLevel[] noisy = [.. preparation.Grid.Where(l => l.Noise > 0)];
        double first = 0.5 * noisy[0].LogSnr;

        // A grid of one noisy level needs no statistics, but a spline needs an interval.
        double last = noisy.Length > 1 ? 0.5 * noisy[^1].LogSnr : first + 1;
        levels = Math.Max(levels, 1 + (int)Math.Ceiling((last - first) / DpmSolverV3.WidestSpacing));
        double[] lambdas = [.. Enumerable.Range(0, levels).Select(k => first + ((last - first) * k / (levels - 1)))];
        return new ModelStatisticsEstimator(preparation, points).Estimate(lambdas);
    }

    private ModelStatistics Estimate(double[] lambdas)
    {
        double[][] linear = Table(lambdas.Length), scaling = Table(lambdas.Length), bias = Table(lambdas.Length);
        for (int k = 0; k < lambdas.Length; k++)
            EstimateLinear(Math.Exp(-lambdas[k]), k, linear);

        CubicSpline[] splines = Array.ConvertAll(linear, l => CubicSpline.InterpolateNaturalSorted(lambdas, l));
        for (int k = 0; k < lambdas.Length; k++)
        {
            EvaluateAlongFlow(Math.Exp(-lambdas[k]));
            for (int j = 0; j < _dimensions; j++)
                (scaling[j][k], bias[j][k]) = Regress(j, Math.Exp(-lambdas[k]), linear[j][k], splines[j].Differentiate(lambdas[k]));
        }

        return new ModelStatistics(lambdas, linear, scaling, bias);
    }

    /// <summary>Eq. 58: l is the mean diagonal of sigma times epsilon-hat's Jacobian, 1 - d x0-hat / d y, by random signs.</summary>
    private void EstimateLinear(double sigma, int k, double[][] linear)
    {
        double step = StateStep * sigma;
        Denoise(sigma, step, _signs, _above);
        Denoise(sigma, -step, _signs, _below);
        var sums = new double[_dimensions];
        for (int i = 0; i < _x.Length; i++)
            sums[i % _dimensions] += _signs[i] * (_above[i] - _below[i]) / (2 * step);
        for (int j = 0; j < _dimensions; j++)
            linear[j][k] = 1 - (sums[j] * _dimensions / _x.Length);
    }

    /// <summary>Leaves x0-hat at the noised points, and a little later and earlier on their way along the flow, in the buffers.</summary>
    private void EvaluateAlongFlow(double sigma)
    {
        Denoise(sigma, 0, _signs, _x0Hat);

        // dy/dlambda = x0-hat - y.
        var slope = new double[_x.Length];
        for (int i = 0; i < slope.Length; i++)
            slope[i] = _x0Hat[i] - Noised(i, sigma);
        Denoise(sigma, FlowStep, slope, _above, Math.Exp(-FlowStep));
        Denoise(sigma, -FlowStep, slope, _below, Math.Exp(FlowStep));
    }

    /// <summary>Eq. 60 and 61: the least-squares line of df/dlambda on f.</summary>
    private (double Scaling, double Bias) Regress(int dimension, double sigma, double linear, double linearSlope)
    {
        int count = _x.Length / _dimensions;
        double sumF = 0, sumSlope = 0, sumX0 = 0;
        var f = new double[count];
        var slopes = new double[count];
        for (int row = 0; row < count; row++)
        {
            int i = (row * _dimensions) + dimension;
            double y = Noised(i, sigma);
            double flow = _x0Hat[i] - y;
            f[row] = -flow - (linear * y);
            slopes[row] = ((1 - linear) * flow) - (linearSlope * y) - ((_above[i] - _below[i]) / (2 * FlowStep));
            sumF += f[row];
            sumSlope += slopes[row];
            sumX0 += _x0Hat[i] * _x0Hat[i];
        }

        double meanF = sumF / count, meanSlope = sumSlope / count;
        double variance = 0, covariance = 0;
        for (int row = 0; row < count; row++)
        {
            variance += (f[row] - meanF) * (f[row] - meanF);
            covariance += (f[row] - meanF) * (slopes[row] - meanSlope);
        }

        double size = variance + (Ridge * sumX0);
        double scaling = size > 0 ? covariance / size : 0;
        return (scaling, meanSlope - (scaling * meanF));
    }

    private double Noised(int i, double sigma) => _clean[i] + (sigma * _noise[i]);

    /// <summary>x0-hat at the noised points moved by <paramref name="step"/> times a direction, at sigma times a ratio.</summary>
    private void Denoise(double sigma, double step, double[] direction, double[] x0Hat, double ratio = 1)
    {
        NoiseLevel level = SamplerArguments.AtSigma(_scale, sigma * ratio);
        for (int i = 0; i < _x.Length; i++)
            _x[i] = level.Signal * (Noised(i, sigma) + (step * direction[i]));
        _denoiser.Denoise(_x, level, x0Hat);
    }

    private double[][] Table(int levels)
    {
        var table = new double[_dimensions][];
        for (int j = 0; j < _dimensions; j++)
            table[j] = new double[levels];
        return table;
    }
}

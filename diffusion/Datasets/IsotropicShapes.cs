using System.Numerics;
using Sweep.Diffusion.Schedules;

namespace Sweep.Diffusion.Datasets;

/// <summary>Components N(mean_k, std_k^2 I).</summary>
internal sealed class IsotropicShapes : IComponentShapes
{
    private readonly double[] _means;
    private readonly double[] _stds;
    private readonly double[] _inverseVariances;
    private readonly double[] _logNormalizers;

    /// <param name="means">(K, d).</param>
    /// <param name="stds">(K), greater than 0.</param>
    /// <param name="dimensions">d.</param>
    internal IsotropicShapes(double[] means, double[] stds, int dimensions)
    {
        _means = means;
        _stds = stds;
        Dimensions = dimensions;
        _inverseVariances = Array.ConvertAll(stds, s => 1 / (s * s));
        _logNormalizers = Array.ConvertAll(stds, s => -dimensions * ((0.5 * Math.Log(2 * Math.PI)) + Math.Log(s)));
    }

    public int Components => _stds.Length;

    public int Dimensions { get; }

    public int ScratchVectors => 0;

    public ReadOnlySpan<double> Means => _means;

    public ReadOnlySpan<double> LogNormalizers => _logNormalizers;

    internal ReadOnlySpan<double> Stds => _stds;

    public void HalfSquaredDistances(ReadOnlySpan<Vector<double>> x, Span<Vector<double>> half, Span<Vector<double>> scratch)
    {
        ReadOnlySpan<double> means = _means;
        for (int k = 0; k < half.Length; k++)
        {
            Vector<double> squares = Vector<double>.Zero;
            ReadOnlySpan<double> mean = means.Slice(k * x.Length, x.Length);
            for (int j = 0; j < x.Length; j++)
            {
                Vector<double> difference = x[j] - new Vector<double>(mean[j]);
                squares += difference * difference;
            }

            half[k] = squares * new Vector<double>(0.5 * _inverseVariances[k]);
        }
    }

    public void AddScores(
        ReadOnlySpan<Vector<double>> x, ReadOnlySpan<Vector<double>> responsibilities, Span<Vector<double>> score, Span<Vector<double>> scratch)
    {
        ReadOnlySpan<double> means = _means;
        for (int k = 0; k < responsibilities.Length; k++)
        {
            Vector<double> weight = responsibilities[k] * new Vector<double>(_inverseVariances[k]);
            ReadOnlySpan<double> mean = means.Slice(k * x.Length, x.Length);
            for (int j = 0; j < x.Length; j++)
                score[j] += weight * (new Vector<double>(mean[j]) - x[j]);
        }
    }

    public void Shape(int component, Span<double> normals)
    {
        ReadOnlySpan<double> mean = _means.AsSpan(component * Dimensions, Dimensions);
        for (int j = 0; j < normals.Length; j++)
            normals[j] = mean[j] + (_stds[component] * normals[j]);
    }

    public void Covariance(int component, Span<double> covariance)
    {
        covariance.Clear();
        for (int j = 0; j < Dimensions; j++)
            covariance[(j * Dimensions) + j] = _stds[component] * _stds[component];
    }

    public IComponentShapes Noised(NoiseLevel level) =>
        new IsotropicShapes(
            Array.ConvertAll(_means, m => level.Signal * m),
            Array.ConvertAll(_stds, s => double.Hypot(level.Signal * s, level.Noise)),
            Dimensions);
}

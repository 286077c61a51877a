using System.Numerics;
using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Schedules;

namespace Sweep.Diffusion.Networks.Reference;

/// <summary>
/// The posterior mean under the training points themselves, each equally likely: x0-hat = sum_i softmax_i(-|x - a p_i|^2 / (2 s^2)) p_i (Karras et al., arXiv
/// 2206.00364, eq. 57; the delta mixture of arXiv 2412.09726): what a network that memorised its data would say. Always within the points' convex hull. Points
/// are taken in blocks, with a running smallest distance, so that memory doesn't grow with their number and no exponential overflows. The result of a row
/// doesn't depend on the rows around it. Not thread-safe.
/// </summary>
public sealed class DeltaMixtureDenoiser : IDenoiser
{
    private const int PointsPerBlock = 256;

    private readonly PointSet _points;
    private readonly Vector<double>[] _scratch;

    /// <param name="points">The training points; not copied, and not to be changed.</param>
    /// <exception cref="ArgumentException">No points.</exception>
    public DeltaMixtureDenoiser(PointSet points)
    {
        ArgumentNullException.ThrowIfNull(points);
        if (points.Count == 0)
            throw new ArgumentException("training points: 0; allowed: at least 1", nameof(points));
        _points = points;
        _scratch = new Vector<double>[(2 * points.Dimensions) + PointsPerBlock];
    }

    public int Dimensions => _points.Dimensions;

    /// <inheritdoc/>
    public void Denoise(ReadOnlySpan<double> x, NoiseLevel level, Span<double> x0Hat)
    {
        int d = Dimensions;
        DenoiserArguments.Check(x, x0Hat, d);
        if (level.Noise == 0)
        {
            x.CopyTo(x0Hat);
            return;
        }

        Span<Vector<double>> lanes = _scratch.AsSpan(0, d), sums = _scratch.AsSpan(d, d);
        for (int first = 0; first < x.Length / d; first += PointLanes.Width)
        {
            PointLanes.Load(x, d, first, lanes);
            PosteriorMean(lanes, level, sums, _scratch.AsSpan(2 * d));
            PointLanes.Store(sums, x0Hat, d, first);
        }
    }

    /// <param name="x">A vector of rows, (d).</param>
    /// <param name="level">Its noise is above 0.</param>
    /// <param name="sums">Where the posterior mean goes, (d).</param>
    /// <param name="distances">Squared distances to a block's points, (points of a block).</param>
    private void PosteriorMean(ReadOnlySpan<Vector<double>> x, NoiseLevel level, Span<Vector<double>> sums, Span<Vector<double>> distances)
    {
        int d = x.Length;

        // Least noise whose inverse square is finite: 0 times infinity would be NaN at the nearest point.
        var rate = new Vector<double>(Math.Min(0.5 / (level.Noise * level.Noise), double.MaxValue));
        var nearest = new Vector<double>(double.PositiveInfinity);
        Vector<double> total = Vector<double>.Zero;
        sums.Clear();
        for (int first = 0; first < _points.Count; first += PointsPerBlock)
        {
            int count = Math.Min(PointsPerBlock, _points.Count - first);
            ReadOnlySpan<double> points = _points.Values.AsSpan(first * d, count * d);
            Vector<double> least = nearest;
            for (int i = 0; i < count; i++)
            {
                Vector<double> squares = Vector<double>.Zero;
                for (int j = 0; j < d; j++)
                {
                    Vector<double> difference = x[j] - new Vector<double>(level.Signal * points[(i * d) + j]);
                    squares += difference * difference;
                }

                distances[i] = squares;
                least = Vector.Min(least, squares);
            }

            if (first != 0)
            {
                Vector<double> shrink = Vector.Exp((least - nearest) * rate);
                total *= shrink;
                for (int j = 0; j < d; j++)
                    sums[j] *= shrink;
            }

            nearest = least;
            for (int i = 0; i < count; i++)
            {
                Vector<double> weight = Vector.Exp((least - distances[i]) * rate);
                total += weight;
                for (int j = 0; j < d; j++)
                    sums[j] += weight * new Vector<double>(points[(i * d) + j]);
            }
        }

        for (int j = 0; j < d; j++)
            sums[j] /= total;
    }
}

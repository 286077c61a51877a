using Sweep.Diffusion.Numerics;

namespace Sweep.Grains.Comparison.Tuning;

/// <summary>A dimension of what is tuned: a coordinate in [0, 1], or one of some choices.</summary>
/// <param name="Choices">0 for a coordinate; else points have the number of the choice.</param>
public readonly record struct ParzenDimension(int Choices)
{
    public bool IsCategorical => Choices > 0;
}

/// <summary>A point that was tried.</summary>
/// <param name="Point">By dimension.</param>
/// <param name="Loss">Less is better; null where there is none, which is worse than any.</param>
public sealed record ParzenTrial(IReadOnlyList<double> Point, double? Loss);

/// <summary>
/// The tree-structured Parzen estimator (J. Bergstra, R. Bardenet, Y. Bengio and B. Kégl, NeurIPS 2011) in its multivariate form, with the components that
/// S. Watanabe (arXiv 2304.11127) describes as those of Optuna: the best tenth of what was tried, at most 25, against the others; of each a mixture of product
/// kernels about its points and a wide one about the middle, with bandwidths 0.2 n^(-1/(d + 4)), no less than 1/min(100, n + 2); of 24 draws from the former
/// the one whose density there, over that of the others, is largest. A pure function of what was tried and of the stream.
/// </summary>
public static class TreeParzen
{
    private const int MaxBelow = 25, Recent = 25;

    private const double Below = 0.1, Width = 0.2, LeastWidths = 100;

    /// <summary>Draws among which the best ratio is taken.</summary>
    public const int Candidates = 24;

    /// <summary>The next points to try, the most promising first.</summary>
    /// <param name="space">What a point is.</param>
    /// <param name="tried">In the order in which they were; those not done yet have no loss, so that nothing is tried again beside them.</param>
    /// <param name="stream">Drawn from.</param>
    public static IReadOnlyList<double[]> Suggest(IReadOnlyList<ParzenDimension> space, IReadOnlyList<ParzenTrial> tried, ref PhiloxStream stream)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(tried);
        int[] ranked = [.. Enumerable.Range(0, tried.Count).OrderBy(i => tried[i].Loss is null or double.NaN).ThenBy(i => tried[i].Loss)];
        int best = Math.Min(MaxBelow, (int)Math.Ceiling(Below * tried.Count));
        Mixture good = new(space, [.. ranked.Take(best).Order().Select(i => tried[i].Point)]);
        Mixture other = new(space, [.. ranked.Skip(best).Order().Select(i => tried[i].Point)]);
        (double[] Point, double Ratio)[] drawn = new (double[], double)[Candidates];
        for (int i = 0; i < drawn.Length; i++)
        {
            double[] point = good.Draw(ref stream);
            drawn[i] = (point, good.LogDensity(point) - other.LogDensity(point));
        }

        return [.. drawn.OrderByDescending(d => d.Ratio).Select(d => d.Point)];
    }

    /// <summary>Product kernels about points, the last about the middle of everything.</summary>
    private sealed class Mixture
    {
        private readonly IReadOnlyList<ParzenDimension> _space;
        private readonly IReadOnlyList<double>[] _points;
        private readonly double[] _weights;
        private readonly double _width;

        public Mixture(IReadOnlyList<ParzenDimension> space, IReadOnlyList<double>[] points)
        {
            (_space, _points) = (space, points);
            int n = points.Length;

            // Old points count less where there are many.
            double least = 1.0 / Math.Max(1, n), steps = Math.Max(1, n - Recent - 1);
            double[] weights = [.. Enumerable.Range(0, n).Select(i => i >= n - Recent ? 1 : least + ((1 - least) * i / steps)), 1];
            double sum = weights.Sum();
            _weights = [.. weights.Select(w => w / sum)];
            double narrow = Width * Math.Pow(Math.Max(1, n), -1.0 / (space.Count + 4));
            _width = Math.Clamp(narrow, 1 / Math.Min(LeastWidths, n + 2), 1);
        }

        public double[] Draw(ref PhiloxStream stream)
        {
            double at = stream.NextDouble();
            int kernel = 0;
            while (kernel < _weights.Length - 1 && (at -= _weights[kernel]) >= 0)
                kernel++;
            double[] point = new double[_space.Count];
            for (int d = 0; d < point.Length; d++)
            {
                double u = stream.NextDouble();
                point[d] = _space[d].IsCategorical ? Category(kernel, d, u) : Coordinate(kernel, d, u);
            }

            return point;
        }

        public double LogDensity(double[] point)
        {
            double[] logs = new double[_weights.Length];
            for (int kernel = 0; kernel < logs.Length; kernel++)
            {
                double log = Math.Log(_weights[kernel]);
                for (int d = 0; d < point.Length; d++)
                    log += _space[d].IsCategorical ? Math.Log(Share(kernel, d, (int)point[d])) : LogKernel(kernel, d, point[d]);
                logs[kernel] = log;
            }

            double most = logs.Max();
            return most + Math.Log(logs.Sum(l => Math.Exp(l - most)));
        }

        private (double Centre, double Width) Kernel(int kernel, int d) => kernel < _points.Length ? (_points[kernel][d], _width) : (0.5, 1);

        /// <summary>A truncated normal's quantile.</summary>
        private double Coordinate(int kernel, int d, double u)
        {
            (double centre, double width) = Kernel(kernel, d);
            double low = StandardNormal.Cdf(-centre / width), high = StandardNormal.Cdf((1 - centre) / width);
            return Math.Clamp(centre + (width * StandardNormal.Quantile(low + (u * (high - low)))), 0, 1);
        }

        private double LogKernel(int kernel, int d, double x)
        {
            (double centre, double width) = Kernel(kernel, d);
            double z = (x - centre) / width;
            double within = StandardNormal.Cdf((1 - centre) / width) - StandardNormal.Cdf(-centre / width);
            return (-0.5 * z * z) - (0.5 * Math.Log(2 * Math.PI)) - Math.Log(width) - Math.Log(within);
        }

        /// <summary>Of a point's kernel nearly all is its own choice, the more the more points there are; of the last one all are alike.</summary>
        private double Share(int kernel, int d, int choice)
        {
            double choices = _space[d].Choices;
            if (kernel == _points.Length)
                return 1 / choices;
            double smooth = 1.0 / (_points.Length + 1);
            return (((int)_points[kernel][d] == choice ? 1 : 0) + smooth) / (1 + (choices * smooth));
        }

        private int Category(int kernel, int d, double u)
        {
            int last = _space[d].Choices - 1, choice = 0;
            while (choice < last && (u -= Share(kernel, d, choice)) >= 0)
                choice++;
            return choice;
        }
    }
}

using MathNet.Numerics.LinearAlgebra;
using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Numerics;
using Lanes = System.Numerics.Vector<double>;

namespace Sweep.Diffusion.Networks.Reference;

/// <summary>
/// Fits k Gaussians with full covariances by expectation-maximization (Dempster, Laird and Rubin, 1977), started from k-means++ (Arthur and Vassilvitskii,
/// 2007; the best of 2 + ln k candidates at each centre) and Lloyd's iteration. With a rank, each covariance keeps so many principal directions and has one
/// variance in all others (mixtures of probabilistic principal component analysers: Tipping and Bishop, Neural Computation 11, 1999, eq. 3.12 and 3.13).
/// Eigenvalues of a covariance below the floor are raised to it, which is the maximization step under these constraints, so the likelihood still never falls. A
/// component that no point belongs to is dropped. A pure function of its arguments.
/// </summary>
public static class ExpectationMaximization
{
    private const int LloydIterations = 20;

    /// <summary>Least share of the points that keeps a component.</summary>
    private const double LeastWeight = 1e-12;

    /// <param name="points">n points of d finite coordinates.</param>
    /// <param name="components">k, at least 1 and at most the number of distinct points.</param>
    /// <param name="seed">The seed of the starting centres.</param>
    /// <param name="relativeFloor">Smallest eigenvalue of a covariance, relative to the points' mean variance; greater than 0.</param>
    /// <param name="tolerance">Stops when an update gains less than this, in nats per point.</param>
    /// <param name="maximumUpdates">Most updates.</param>
    /// <param name="rank">Principal directions of each covariance that keep their variance, at least 1; null for full covariances.</param>
    /// <param name="cancellationToken">Looked at between updates.</param>
    /// <exception cref="KindException">Too many components for the points, or points that don't vary.</exception>
    public static MixtureFit Fit(
        PointSet points,
        int components,
        ulong seed,
        double relativeFloor = 1e-6,
        double tolerance = 1e-6,
        int maximumUpdates = 500,
        int? rank = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(components, 1);
        if (rank is { } least)
            ArgumentOutOfRangeException.ThrowIfLessThan(least, 1, nameof(rank));
        if (!(relativeFloor > 0))
            throw new ArgumentOutOfRangeException(nameof(relativeFloor), $"covariance floor: {relativeFloor}; allowed: above 0");
        (double[] mean, Matrix<double> covariance) = PointMoments.Of(points);
        int d = points.Dimensions;
        double floor = relativeFloor * covariance.Trace() / d;
        if (!(floor > 0))
            throw new KindException($"mixture fit: {points.Count} equal points; allowed: points that vary");

        // About the mean, second moments keep their digits.
        var centred = new PointSet((double[])points.Values.Clone(), d);
        Shift(centred.Values, mean, -1);
        double[] centres = Centres(centred, components, seed);
        var mixture = Update(centred, HardMoments(centred, centres), floor, rank);
        var likelihoods = new List<double>();
        bool converged = false;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            MixtureMoments moments = SoftMoments(centred, mixture, out double likelihood);
            converged = likelihoods.Count > 0 && likelihood - likelihoods[^1] < tolerance;
            likelihoods.Add(likelihood);
            if (converged || likelihoods.Count > maximumUpdates)
                break;
            mixture = Update(centred, moments, floor, rank);
        }

        return new MixtureFit { Mixture = Moved(mixture, mean), LogLikelihoods = likelihoods, Converged = converged };
    }

    private static void Shift(double[] rows, double[] by, int sign)
    {
        for (int i = 0; i < rows.Length; i++)
            rows[i] += sign * by[i % by.Length];
    }

    /// <summary>k-means++, then Lloyd's iteration; (k, d).</summary>
    private static double[] Centres(PointSet points, int components, ulong seed)
    {
        int d = points.Dimensions, n = points.Count;
        var stream = new PhiloxStream(seed, NoisePurpose.MixtureFit);
        var centres = new double[components * d];
        var squares = new double[n];
        Array.Fill(squares, double.PositiveInfinity);
        points.Row(stream.NextInt(n)).CopyTo(centres);
        Approach(points, centres.AsSpan(0, d), squares, squares);
        double[] candidate = new double[n], best = new double[n];
        for (int k = 1; k < components; k++)
        {
            double total = squares.Sum();
            if (!(total > 0))
                throw new KindException($"components: {components}; allowed: at most {k}, the number of distinct training points");

            // The best of a few candidates rarely puts two centres into one cluster; one alone often does.
            double least = double.PositiveInfinity;
            for (int trial = 0; trial < 2 + (int)Math.Log(components); trial++)
            {
                int chosen = Choose(squares, stream.NextDouble() * total);
                double potential = Approach(points, points.Row(chosen), squares, candidate);
                if (potential >= least)
                    continue;
                least = potential;
                (best, candidate) = (candidate, best);
                points.Row(chosen).CopyTo(centres.AsSpan(k * d, d));
            }

            (squares, best) = (best, squares);
        }

        for (int iteration = 0; iteration < LloydIterations; iteration++)
        {
            MixtureMoments moments = HardMoments(points, centres);
            bool moved = false;
            for (int i = 0; i < centres.Length; i++)
            {
                // A centre that lost its points stays where it is.
                double centre = moments.Counts[i / d] > 0 ? moments.Sums[i] / moments.Counts[i / d] : centres[i];
                moved |= centre != centres[i];
                centres[i] = centre;
            }

            if (!moved)
                break;
        }

        return centres;
    }

    /// <summary>The point at which the running sum passes the target; the last that is no centre yet, should rounding run past the end.</summary>
    private static int Choose(double[] squares, double target)
    {
        int last = Array.FindLastIndex(squares, s => s > 0);
        for (int i = 0; i < last; i++)
        {
            target -= squares[i];
            if (target < 0)
                return i;
        }

        return last;
    }

    /// <summary>Each point's squared distance to its nearest centre, once there is one more centre; returns their sum.</summary>
    private static double Approach(PointSet points, ReadOnlySpan<double> centre, double[] before, double[] after)
    {
        double total = 0;
        for (int i = 0; i < after.Length; i++)
            total += after[i] = Math.Min(before[i], Squared(points.Row(i), centre));
        return total;
    }

    private static MixtureMoments HardMoments(PointSet points, double[] centres)
    {
        int d = points.Dimensions;
        var moments = new MixtureMoments(centres.Length / d, d);
        for (int i = 0; i < points.Count; i++)
        {
            int nearest = 0;
            double least = double.PositiveInfinity;
            for (int k = 0; k < centres.Length / d; k++)
            {
                double squared = Squared(points.Row(i), centres.AsSpan(k * d, d));
                if (squared < least)
                    (nearest, least) = (k, squared);
            }

            moments.Add(nearest, 1, points.Row(i));
        }

        return moments;
    }

    /// <summary>The expectation step, with the mean log-likelihood under the mixture as it is.</summary>
    private static MixtureMoments SoftMoments(PointSet points, GaussianMixture mixture, out double likelihood)
    {
        int d = points.Dimensions;
        var moments = new MixtureMoments(mixture.Components, d);
        var x = new Lanes[d];
        var scratch = new Lanes[mixture.Shapes.ScratchVectors];
        var terms = new Lanes[mixture.Components];
        double[] coefficients = [.. mixture.Weights.Select((w, k) => Math.Log(w) + mixture.Shapes.LogNormalizers[k])];
        double nats = 0;
        for (int first = 0; first < points.Count; first += PointLanes.Width)
        {
            PointLanes.Load(points.Values, d, first, x);
            mixture.Shapes.HalfSquaredDistances(x, terms, scratch);
            var largest = new Lanes(double.NegativeInfinity);
            for (int k = 0; k < terms.Length; k++)
            {
                terms[k] = new Lanes(coefficients[k]) - terms[k];
                largest = System.Numerics.Vector.Max(largest, terms[k]);
            }

            Lanes sum = Lanes.Zero;
            for (int k = 0; k < terms.Length; k++)
            {
                terms[k] = System.Numerics.Vector.Exp(terms[k] - largest);
                sum += terms[k];
            }

            for (int lane = 0; lane < Math.Min(PointLanes.Width, points.Count - first); lane++)
            {
                nats += largest[lane] + Math.Log(sum[lane]);
                for (int k = 0; k < terms.Length; k++)
                    moments.Add(k, terms[k][lane] / sum[lane], points.Row(first + lane));
            }
        }

        likelihood = nats / points.Count;
        return moments;
    }

    /// <summary>The maximization step.</summary>
    private static GaussianMixture Update(PointSet points, MixtureMoments moments, double floor, int? rank)
    {
        int d = points.Dimensions;
        var weights = new List<double>();
        var means = new List<double>();
        var covariances = new List<double>();
        for (int k = 0; k < moments.Counts.Length; k++)
        {
            double count = moments.Counts[k];
            if (!(count > LeastWeight * points.Count))
                continue;
            int component = k;
            double[] mean = [.. moments.Sums.Skip(k * d).Take(d).Select(v => v / count)];
            var covariance = Matrix<double>.Build.Dense(d, d, (i, j) =>
                (moments.Products[(((component * d) + Math.Max(i, j)) * d) + Math.Min(i, j)] / count) - (mean[i] * mean[j]));
            weights.Add(count);
            means.AddRange(mean);
            covariances.AddRange(Held(covariance, floor, rank));
        }

        return GaussianMixture.Full([.. weights], [.. means], [.. covariances]);
    }

    /// <summary>The covariance with one variance beyond its rank and its eigenvalues at least the floor, row-major.</summary>
    private static double[] Held(Matrix<double> covariance, double floor, int? rank)
    {
        var evd = covariance.Evd(Symmetricity.Symmetric);
        double[] variances = [.. evd.EigenValues.Select(v => v.Real)];
        if (rank is { } most)
            GaussianDenoiser.LevelBeyond(variances, most);
        else if (Array.TrueForAll(variances, v => v >= floor))
            return covariance.ToRowMajorArray();
        var values = Matrix<double>.Build.DenseOfDiagonalArray([.. variances.Select(v => Math.Max(v, floor))]);
        var raised = evd.EigenVectors * values * evd.EigenVectors.Transpose();
        return ((raised + raised.Transpose()) / 2).ToRowMajorArray();
    }

    private static GaussianMixture Moved(GaussianMixture mixture, double[] by)
    {
        double[] means = mixture.Means.ToArray();
        Shift(means, by, 1);
        int size = by.Length * by.Length;
        double[] covariances = new double[mixture.Components * size];
        for (int k = 0; k < mixture.Components; k++)
            mixture.Shapes.Covariance(k, covariances.AsSpan(k * size, size));
        return GaussianMixture.Full([.. mixture.Weights], means, covariances);
    }

    private static double Squared(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int j = 0; j < a.Length; j++)
            sum += (a[j] - b[j]) * (a[j] - b[j]);
        return sum;
    }
}

using Sweep.Diffusion.Numerics;

namespace Sweep.Diffusion.Samplers;

/// <summary>
/// Starting points that are no draw: what samples made of them by a deterministic sampler lack is due to the sampler and the score. On a line they are the
/// midpoint quantiles of N(0, scale^2), the n points nearest to it in distribution. In d dimensions they are the normal quantiles of a Kronecker lattice: its
/// first coordinate the midpoints (i + 1/2) / n, the others the fractional parts of 1/2 + i phi^-j, j = 1 to d - 1, with phi the positive root of phi^d = phi +
/// 1 (Niederreiter 1992, section 3; the choice of phi after Roberts' R sequence). Every coordinate of it is uniform to about 1 / n, where a draw's is to about
/// 1 / sqrt(n).
/// </summary>
public static class PriorQuantiles
{
    /// <summary>Row-major (rows, dimensions), in the unit of the scale.</summary>
    /// <param name="rows">At least 1.</param>
    /// <param name="dimensions">At least 1.</param>
    /// <param name="scale">The prior's standard deviation.</param>
    public static double[] Of(int rows, int dimensions, double scale)
    {
        double root = Root(dimensions);
        var steps = new double[dimensions];
        for (int j = 1; j < dimensions; j++)
            steps[j] = Math.Pow(root, -j);
        double least = 0.5 / rows;
        var points = new double[rows * dimensions];
        for (int i = 0; i < rows; i++)
        {
            points[i * dimensions] = scale * StandardNormal.Quantile((i + 0.5) / rows);
            for (int j = 1; j < dimensions; j++)
            {
                double place = 0.5 + (i * steps[j]);
                points[(i * dimensions) + j] = scale * StandardNormal.Quantile(Math.Clamp(place - Math.Floor(place), least, 1 - least));
            }
        }

        return points;
    }

    /// <summary>phi^d = phi + 1, by iteration from above: it contracts for d of 2 and more.</summary>
    private static double Root(int dimensions)
    {
        if (dimensions == 1)
            return 1;
        double root = 2;
        for (int i = 0; i < 100; i++)
            root = Math.Pow(1 + root, 1.0 / dimensions);
        return root;
    }
}

using Sweep.Diffusion.Numerics;

namespace Sweep.Diffusion.Datasets;

/// <summary>
/// Orthogonal matrices drawn uniformly (Haar): the orthonormal factor of a Gaussian matrix whose triangular factor has a positive diagonal
/// (Mezzadri, "How to generate random matrices from the classical compact groups", Notices of the AMS 54, 2007).
/// </summary>
internal static class RandomOrthogonal
{
    /// <summary>A (d, d) row-major orthogonal matrix.</summary>
    internal static double[] Draw(ref PhiloxStream stream, int d)
    {
        double[] q = new double[d * d];
        stream.FillNormal(q);
        for (int i = 0; i < d; i++)
        {
            Span<double> row = q.AsSpan(i * d, d);

            // Gram and Schmidt's process, each row twice: orthogonal to rounding error.
            for (int pass = 0; pass < 2; pass++)
            {
                for (int j = 0; j < i; j++)
                {
                    ReadOnlySpan<double> other = q.AsSpan(j * d, d);
                    double dot = Dot(row, other);
                    for (int m = 0; m < d; m++)
                        row[m] -= dot * other[m];
                }
            }

            double norm = Math.Sqrt(Dot(row, row));
            for (int m = 0; m < d; m++)
                row[m] /= norm;
        }

        return q;
    }

    // A plain loop, so that a dataset's definition is the same to the last bit whatever the width of the machine's vectors.
    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }
}

using MathNet.Numerics.LinearAlgebra;
using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Preprocessing;

namespace Sweep.Tests.Diffusion.Preprocessing;

/// <summary>
/// x = A s with independent sources s_j, each a mixture of normals (weight, mean, standard deviation): the exact density by a sum over sources.
/// </summary>
internal sealed class MixedSources((double Weight, double Mean, double Std)[][] sources, Matrix<double> mixing)
{
    private readonly Matrix<double> _unmixing = mixing.Inverse();
    private readonly double _logAbsDeterminant = Math.Log(Math.Abs(mixing.Determinant()));

    public int Dimensions => sources.Length;

    /// <summary>
    /// <c>ica4</c>: four sources with two and three modes, mixed with condition 3. <c>grid9</c>: a 3 x 3 grid of std 0.12, turned by 30 degrees.
    /// </summary>
    public static MixedSources Named(string name)
    {
        if (name == "grid9")
        {
            (double, double, double)[] three = [(1 / 3.0, -1, 0.12), (1 / 3.0, 0, 0.12), (1 / 3.0, 1, 0.12)];
            (double sin, double cos) = Math.SinCos(Math.PI / 6);
            return new MixedSources([three, three], Matrix<double>.Build.DenseOfArray(new[,] { { cos, -sin }, { sin, cos } }));
        }

        double[] a = Rotations.Random(4, 0, 0), b = Rotations.Random(4, 0, 1);
        var left = Matrix<double>.Build.DenseOfRowMajor(4, 4, a);
        var right = Matrix<double>.Build.DenseOfRowMajor(4, 4, b);
        var scale = Matrix<double>.Build.DiagonalOfDiagonalArray([.. Enumerable.Range(0, 4).Select(k => Math.Pow(3, 0.5 - (k / 3.0)))]);
        return new MixedSources(
            [
                [(0.5, -1, 0.2), (0.5, 1, 0.2)],
                [(0.3, -1.2, 0.15), (0.7, 0.6, 0.3)],
                [(0.25, -1.3, 0.15), (0.5, 0, 0.15), (0.25, 1.3, 0.15)],
                [(0.6, -0.8, 0.25), (0.4, 1.2, 0.15)],
            ],
            left * scale * right);
    }

    public PointSet Draw(int n, ulong seed)
    {
        var stream = new PhiloxStream(seed, NoisePurpose.TrainingPoints);
        int d = Dimensions;
        var x = new double[n * d];
        var s = new double[d];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < d; j++)
            {
                double u = stream.NextDouble();
                int k = 0;
                while (k < sources[j].Length - 1 && u > sources[j][k].Weight)
                    u -= sources[j][k++].Weight;
                s[j] = sources[j][k].Mean + (sources[j][k].Std * stream.NextNormal());
            }

            for (int r = 0; r < d; r++)
            {
                for (int j = 0; j < d; j++)
                    x[(i * d) + r] += mixing[r, j] * s[j];
            }
        }

        return new PointSet(x, d);
    }

    /// <summary>Mean log p over rows, nats.</summary>
    public double MeanLogDensity(double[] x)
    {
        int d = Dimensions;
        double total = 0;
        for (int i = 0; i < x.Length; i += d)
        {
            total -= _logAbsDeterminant;
            for (int j = 0; j < d; j++)
            {
                double s = 0;
                for (int r = 0; r < d; r++)
                    s += _unmixing[j, r] * x[i + r];
                double[] logs =
                    [.. sources[j].Select(m => Math.Log(m.Weight / m.Std) - (0.5 * Math.Log(2 * Math.PI)) - (0.5 * Math.Pow((s - m.Mean) / m.Std, 2)))];
                double most = logs.Max();
                total += most + Math.Log(logs.Sum(l => Math.Exp(l - most)));
            }
        }

        return total / (x.Length / d);
    }
}

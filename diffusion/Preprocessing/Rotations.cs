using MathNet.Numerics.LinearAlgebra;
using Sweep.Diffusion.Numerics;

namespace Sweep.Diffusion.Preprocessing;

/// <summary>Orthogonal matrices, row-major (d, d).</summary>
internal static class Rotations
{
    /// <summary>A uniformly random one: a normal matrix, decorrelated.</summary>
    /// <param name="dimensions">d.</param>
    /// <param name="seed">The trial's.</param>
    /// <param name="index">Which of the seed's rotations.</param>
    public static double[] Random(int dimensions, ulong seed, int index) => Nearest(Normal(dimensions, seed, index), dimensions);

    /// <summary>Standard normal numbers, (d, d).</summary>
    public static double[] Normal(int dimensions, ulong seed, int index)
    {
        var stream = new PhiloxStream(seed, NoisePurpose.PreprocessingFit, (uint)index);
        var w = new double[dimensions * dimensions];
        stream.FillNormal(w);
        return w;
    }

    /// <summary>(W W^T)^(-1/2) W, the nearest orthogonal matrix: U V^T of the singular value decomposition.</summary>
    public static double[] Nearest(double[] w, int d)
    {
        var svd = Matrix<double>.Build.Dense(d, d, (i, j) => w[(i * d) + j]).Svd();
        return (svd.U * svd.VT).ToRowMajorArray();
    }
}

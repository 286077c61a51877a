using System.Numerics;

namespace Sweep.Diffusion.Datasets;

/// <summary>The components of a mixture as its modes. Immutable and thread-safe.</summary>
internal sealed class ComponentModes(GaussianMixture mixture) : IModes
{
    public IReadOnlyList<double> Weights => mixture.Weights;

    public void Assign(ReadOnlySpan<double> points, Span<int> mode, Span<double> mahalanobis)
    {
        int d = mixture.Dimensions;
        Span<Vector<double>> x = new Vector<double>[d];
        Span<Vector<double>> scratch = new Vector<double>[mixture.ScratchVectors];
        Span<Vector<double>> half = scratch[..mixture.Components];
        scratch = scratch[mixture.Components..];
        int rows = points.Length / d;
        for (int first = 0; first < rows; first += PointLanes.Width)
        {
            PointLanes.Load(points, d, first, x);
            mixture.Shapes.HalfSquaredDistances(x, half, scratch);
            for (int lane = 0; lane < Math.Min(PointLanes.Width, rows - first); lane++)
            {
                int nearest = 0;
                for (int k = 1; k < half.Length; k++)
                {
                    if (half[k][lane] < half[nearest][lane])
                        nearest = k;
                }

                mode[first + lane] = nearest;
                mahalanobis[first + lane] = Math.Sqrt(2 * half[nearest][lane]);
            }
        }
    }
}

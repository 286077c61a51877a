using System.Numerics;
using System.Runtime.InteropServices;

namespace Sweep.Diffusion.Datasets;

/// <summary>
/// Moves rows between row-major (n, d) buffers and d vectors whose lanes are points. Every lane then does the arithmetic of a scalar loop in the
/// scalar loop's order, so that results do not depend on the vector's width, nor on which lane a point falls into.
/// </summary>
internal static class PointLanes
{
    /// <summary>
    /// Coordinates are clamped to this: their squares, over any variance that makes sense, stay finite. Beyond it a log-density and a score are
    /// those of the clamped point, which is finite and as low as double precision can say.
    /// </summary>
    internal const double LargestCoordinate = 1e140;

    internal static int Width => Vector<double>.Count;

    /// <summary>
    /// Loads rows <paramref name="first"/> to first + Width - 1 into <paramref name="lanes"/> (d vectors), repeating the last row beyond the end.
    /// A coordinate that is not finite becomes NaN.
    /// </summary>
    internal static void Load(ReadOnlySpan<double> points, int dimensions, int first, Span<Vector<double>> lanes)
    {
        int last = (points.Length / dimensions) - 1;
        Span<double> flat = MemoryMarshal.Cast<Vector<double>, double>(lanes);
        for (int lane = 0; lane < Width; lane++)
        {
            ReadOnlySpan<double> row = points.Slice(Math.Min(first + lane, last) * dimensions, dimensions);
            for (int j = 0; j < row.Length; j++)
                flat[(j * Width) + lane] = row[j];
        }

        var limit = new Vector<double>(LargestCoordinate);
        for (int j = 0; j < dimensions; j++)
        {
            // v - v is 0 for a finite v and NaN for any other.
            Vector<double> v = lanes[j];
            lanes[j] = Vector.Min(Vector.Max(v, -limit), limit) + (v - v);
        }
    }

    /// <summary>The inverse of <see cref="Load"/>; lanes beyond the end are dropped.</summary>
    internal static void Store(ReadOnlySpan<Vector<double>> lanes, Span<double> points, int dimensions, int first)
    {
        int rows = Math.Min(Width, (points.Length / dimensions) - first);
        ReadOnlySpan<double> flat = MemoryMarshal.Cast<Vector<double>, double>(lanes);
        for (int lane = 0; lane < rows; lane++)
        {
            Span<double> row = points.Slice((first + lane) * dimensions, dimensions);
            for (int j = 0; j < row.Length; j++)
                row[j] = flat[(j * Width) + lane];
        }
    }
}

using System.Runtime.CompilerServices;

namespace Sweep.Diffusion.Numerics;

/// <summary>
/// Finds the cell of an increasing table that holds a value: uniform buckets over the table's range each know the first cell
/// they touch. A bucket with many cells (a steep or far-stretched part) is bisected, so no look-up costs more than log2 of one bucket's cells.
/// </summary>
internal sealed class UniformIndex
{
    private const int BucketsPerCell = 2;

    /// <summary>Up to this many cells a bucket is walked rather than bisected.</summary>
    private const int Walk = 4;

    private readonly double[] _knots;
    private readonly int[] _first;
    private readonly double _origin;
    private readonly double _scale;

    public UniformIndex(double[] knots)
    {
        _knots = knots;
        int cells = knots.Length - 1;
        int buckets = cells * BucketsPerCell;
        _origin = knots[0];
        _scale = buckets / (knots[^1] - knots[0]);
        _first = new int[buckets + 2];
        int cell = 0;
        for (int b = 0; b < buckets; b++)
        {
            // The bucket of a knot is computed exactly as Find does it, so rounding can't put a value before its bucket's first cell.
            while (cell < cells - 1 && Bucket(knots[cell + 1]) < b)
                cell++;
            _first[b] = cell;
        }

        _first[buckets] = cells - 1;
        _first[buckets + 1] = cells - 1;
    }

    /// <summary>The k with knots[k] &lt;= value &lt; knots[k + 1]; the value must be within the table.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(double value)
    {
        int bucket = Bucket(value);
        int low = _first[bucket];
        int high = _first[bucket + 1];
        double[] knots = _knots;
        if (high - low > Walk)
            return Bisect(value, low, high);
        while (low < high && value >= knots[low + 1])
            low++;
        return low;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Bucket(double value) => (int)((value - _origin) * _scale);

    private int Bisect(double value, int low, int high)
    {
        while (low < high)
        {
            int middle = (low + high + 1) >>> 1;
            if (value >= _knots[middle])
                low = middle;
            else
                high = middle - 1;
        }

        return low;
    }
}

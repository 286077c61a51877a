namespace Sweep.Client.Report;

/// <summary>Points in a report: in base64, (count, axes) unsigned 16-bit numbers, little-endian, 0 for the lower and 65535 for the upper edge.</summary>
internal static class PointCloud
{
    /// <summary>Points within the edges, and how many are not.</summary>
    /// <param name="points">Row-major (count, axes).</param>
    /// <param name="low">Per axis.</param>
    /// <param name="high">Per axis.</param>
    public static (string Cloud, int Outside) Within(double[] points, IReadOnlyList<double> low, IReadOnlyList<double> high)
    {
        int axes = low.Count, count = points.Length / axes, outside = 0;
        List<byte> bytes = new(points.Length * sizeof(ushort));
        for (int i = 0; i < count; i++)
        {
            double[] shares = [.. Enumerable.Range(0, axes).Select(k => Share(points[(i * axes) + k], low[k], high[k]))];
            if (Array.TrueForAll(shares, share => share is >= 0 and <= 1))
                Array.ForEach(shares, share => Add(bytes, share));
            else
                outside++;
        }

        return (Convert.ToBase64String([.. bytes]), outside);
    }

    /// <summary>All points in their order; what lies beyond an edge is put on it.</summary>
    public static string Clamped(double[] points, IReadOnlyList<double> low, IReadOnlyList<double> high)
    {
        List<byte> bytes = new(points.Length * sizeof(ushort));
        for (int i = 0; i < points.Length; i++)
        {
            double share = Share(points[i], low[i % low.Count], high[i % low.Count]);
            Add(bytes, double.IsNaN(share) ? 0 : Math.Clamp(share, 0, 1));
        }

        return Convert.ToBase64String([.. bytes]);
    }

    private static double Share(double value, double low, double high) => (value - low) / (high - low);

    private static void Add(List<byte> bytes, double share)
    {
        ushort place = (ushort)Math.Round(share * ushort.MaxValue);
        bytes.Add((byte)place);
        bytes.Add((byte)(place >> 8));
    }
}

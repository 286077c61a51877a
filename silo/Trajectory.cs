using System.Runtime.InteropServices;

namespace Sweep.Silo;

/// <summary>
/// The first samples on their way: <c>trajectory.npy</c>, float32, shape (moments, points, dimensions), in data space. Moments are spread evenly over the
/// states of the reverse process, from the initial noise to the samples; row i is the same sample at each.
/// </summary>
public sealed class Trajectory
{
    public const int MaxMoments = 16;
    public const int MaxPoints = 512;

    /// <summary>Of the file: beyond 16 dimensions fewer points are kept.</summary>
    private const int MaxBytes = 1 << 19;

    private readonly Dictionary<int, int> _moments;
    private readonly int _points;
    private readonly int _dimensions;
    private readonly float[] _values;

    /// <param name="states">Of the reverse process, the initial one and the last among them.</param>
    /// <param name="samples">Of the trial.</param>
    /// <param name="dimensions">Of the data space.</param>
    public Trajectory(int states, int samples, int dimensions)
    {
        int[] steps = Steps(states);
        _moments = steps.Select((step, moment) => (step, moment)).ToDictionary(s => s.step, s => s.moment);
        _points = Math.Min(Math.Min(samples, MaxPoints), Math.Max(1, MaxBytes / (sizeof(float) * steps.Length * dimensions)));
        _dimensions = dimensions;
        _values = new float[steps.Length * _points * dimensions];
    }

    /// <summary>The reverse steps of the moments, in order.</summary>
    /// <param name="states">At least one.</param>
    public static int[] Steps(int states)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(states);
        int moments = Math.Min(MaxMoments, states);
        return [.. Enumerable.Range(0, moments).Select(i => moments == 1 ? 0 : (int)Math.Round(i * (states - 1.0) / (moments - 1)))];
    }

    /// <summary>Whether a step is a moment.</summary>
    public bool Has(int step) => _moments.ContainsKey(step);

    /// <summary>Keeps the first points of a state that is a moment.</summary>
    /// <param name="step">The reverse step.</param>
    /// <param name="points">Row-major (samples, dimensions), data space.</param>
    public void Record(int step, ReadOnlySpan<double> points)
    {
        if (!_moments.TryGetValue(step, out int moment))
            return;
        int length = _points * _dimensions;
        Span<float> kept = _values.AsSpan(moment * length, length);
        for (int i = 0; i < length; i++)
            kept[i] = (float)points[i];
    }

    /// <summary>As NumPy's .npy, little-endian, C order.</summary>
    public byte[] Format() => NpyWriter.Format("<f4", [_moments.Count, _points, _dimensions], MemoryMarshal.AsBytes(_values.AsSpan()));
}

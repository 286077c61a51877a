namespace Sweep.Diffusion.Numerics;

/// <summary>
/// A sequential double-precision stream over <see cref="Philox"/>, for drawing datasets, initial rotations and bootstraps:
/// one stream per (seed, purpose, step). Not thread-safe; make one per use.
/// </summary>
public struct PhiloxStream(ulong seed, NoisePurpose purpose, uint step = 0)
{
    private ulong _counter;
    private (uint A, uint B, uint C, uint D) _words;
    private bool _half;
    private double _spare;
    private bool _hasSpare;

    /// <summary>Uniform 64 bits.</summary>
    public ulong NextUInt64()
    {
        if (_half)
        {
            _half = false;
            return ((ulong)_words.D << 32) | _words.C;
        }

        _words = Philox.Words(seed, (uint)_counter, (uint)(_counter >> 32), step, purpose);
        _counter++;
        _half = true;
        return ((ulong)_words.B << 32) | _words.A;
    }

    /// <summary>Uniform in the open interval (0, 1): 53 bits, at the midpoints of 2^-53 cells.</summary>
    public double NextDouble() => ((NextUInt64() >> 11) + 0.5) * (1.0 / (1UL << 53));

    /// <summary>A whole number in [0, <paramref name="exclusiveMaximum"/>), without bias worth speaking of (64-bit multiply-shift).</summary>
    public int NextInt(int exclusiveMaximum)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(exclusiveMaximum);
        return (int)Math.BigMul(NextUInt64(), (ulong)exclusiveMaximum, out _);
    }

    /// <summary>Standard normal, by Box and Muller's transform in double precision.</summary>
    public double NextNormal()
    {
        if (_hasSpare)
        {
            _hasSpare = false;
            return _spare;
        }

        double radius = Math.Sqrt(-2 * Math.Log(NextDouble()));
        (double sin, double cos) = Math.SinCos(2 * Math.PI * NextDouble());
        _spare = radius * sin;
        _hasSpare = true;
        return radius * cos;
    }

    /// <summary>Fills with standard normals.</summary>
    public void FillNormal(Span<double> values)
    {
        foreach (ref double v in values)
            v = NextNormal();
    }

    /// <summary>Shuffles in place (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> values)
    {
        for (int i = values.Length - 1; i > 0; i--)
        {
            int j = NextInt(i + 1);
            (values[i], values[j]) = (values[j], values[i]);
        }
    }
}

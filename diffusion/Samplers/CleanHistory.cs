using Sweep.Diffusion.Schedules;

namespace Sweep.Diffusion.Samplers;

/// <summary>The last few x0-hats of a multistep sampler and the levels they belong to, the newest first.</summary>
internal sealed class CleanHistory
{
    private readonly double[][] _x0Hats;
    private readonly NoiseLevel[] _levels;

    public CleanHistory(int capacity, int length)
    {
        _x0Hats = new double[capacity][];
        for (int i = 0; i < capacity; i++)
            _x0Hats[i] = new double[length];
        _levels = new NoiseLevel[capacity];
    }

    /// <summary>How many of them hold something.</summary>
    public int Count { get; private set; }

    public double[] X0Hat(int age) => _x0Hats[age];

    /// <summary>Half the log signal-to-noise ratio, ln(alpha / sigma), of the entry of an age.</summary>
    public double HalfLogSnr(int age) => 0.5 * _levels[age].LogSnr;

    public NoiseLevel Level(int age) => _levels[age];

    /// <summary>Drops the oldest; the buffer returned is the newest's, for the caller to fill.</summary>
    public double[] Push(NoiseLevel level)
    {
        double[] oldest = _x0Hats[^1];
        for (int age = _x0Hats.Length - 1; age > 0; age--)
        {
            _x0Hats[age] = _x0Hats[age - 1];
            _levels[age] = _levels[age - 1];
        }

        _x0Hats[0] = oldest;
        _levels[0] = level;
        Count = Math.Min(Count + 1, _x0Hats.Length);
        return oldest;
    }

    /// <summary>result = state x + sum over ages of clean[age] x0-hat.</summary>
    public void Combine(double state, double[] x, ReadOnlySpan<double> clean, double[] result)
    {
        for (int i = 0; i < x.Length; i++)
            result[i] = state * x[i];
        for (int age = 0; age < clean.Length; age++)
        {
            double[] x0Hat = _x0Hats[age];
            double weight = clean[age];
            for (int i = 0; i < x.Length; i++)
                result[i] += weight * x0Hat[i];
        }
    }
}

using Sweep.Diffusion.Schedules;

namespace Sweep.Diffusion.Samplers;

/// <summary>What a multistep sampler remembers of its last few levels (x0-hats, mostly), row-major (n, d) each, the newest first.</summary>
internal sealed class StepHistory
{
    private readonly double[][] _values;
    private readonly NoiseLevel[] _levels;

    public StepHistory(int capacity, int length)
    {
        _values = new double[capacity][];
        for (int i = 0; i < capacity; i++)
            _values[i] = new double[length];
        _levels = new NoiseLevel[capacity];
    }

    /// <summary>How many of them hold something.</summary>
    public int Count { get; private set; }

    public double[] Values(int age) => _values[age];

    /// <summary>Half the log signal-to-noise ratio, ln(alpha / sigma), of the entry of an age.</summary>
    public double HalfLogSnr(int age) => 0.5 * _levels[age].LogSnr;

    public NoiseLevel Level(int age) => _levels[age];

    /// <summary>Drops the oldest; the buffer returned is the newest's, for the caller to fill.</summary>
    public double[] Push(NoiseLevel level)
    {
        double[] oldest = _values[^1];
        for (int age = _values.Length - 1; age > 0; age--)
        {
            _values[age] = _values[age - 1];
            _levels[age] = _levels[age - 1];
        }

        _values[0] = oldest;
        _levels[0] = level;
        Count = Math.Min(Count + 1, _values.Length);
        return oldest;
    }

    /// <summary>result = state x + sum over ages of weights[age] values[age].</summary>
    public void Combine(double state, double[] x, ReadOnlySpan<double> weights, double[] result)
    {
        for (int i = 0; i < x.Length; i++)
            result[i] = state * x[i];
        for (int age = 0; age < weights.Length; age++)
        {
            double[] values = _values[age];
            double weight = weights[age];
            for (int i = 0; i < x.Length; i++)
                result[i] += weight * values[i];
        }
    }
}

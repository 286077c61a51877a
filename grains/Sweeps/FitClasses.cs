using Sweep.Grains.Specs;

namespace Sweep.Grains.Sweeps;

/// <summary>
/// Which trials of a sweep need the same draw of a dataset and the same fit, by their ordinals alone: without reading a spec per trial. Good enough for
/// choosing a silo; the fit's own identity is <see cref="TrialIdentity.Fit"/>.
/// </summary>
public sealed class FitClasses
{
    private static readonly string[] Bearing = ["dataset", "preprocessing", "training.points", "sampling.samples"];

    private readonly (long Stride, int Values)[] _axes;
    private readonly int _seeds;

    public FitClasses(SweepSpec spec)
    {
        _seeds = spec.Seeds.Count;
        long stride = _seeds;
        List<(long, int)> axes = [];
        foreach (SweepAxis axis in spec.Axes.Reverse())
        {
            if (Bearing.Contains(axis.Name, StringComparer.Ordinal))
                axes.Add((stride, axis.Values.Count));
            stride *= axis.Values.Count;
        }

        _axes = [.. axes];
    }

    public long Of(long ordinal)
    {
        long number = ordinal % _seeds;
        foreach ((long stride, int values) in _axes)
            number = (number * values) + (ordinal / stride % values);
        return number;
    }
}

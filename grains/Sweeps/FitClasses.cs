using Sweep.Grains.Specs;

namespace Sweep.Grains.Sweeps;

/// <summary>
/// Which trials of a sweep need the same draw of a dataset and the same fit, by their ordinals alone: without reading a spec per trial. Good enough for
/// choosing a silo; the fit's own identity is <see cref="TrialIdentity.Fit"/>.
/// </summary>
public sealed class FitClasses
{
    private static readonly string[] Bearing = ["dataset", "preprocessing", "training.points", "sampling.samples"];

    private readonly (int Axis, int Values)[] _axes;
    private readonly SweepPlaces _places;
    private readonly int _seeds;
    private readonly TunePlan? _tuning;

    public FitClasses(SweepSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        (_seeds, _places, _tuning) = (spec.Seeds.Count, spec.Places, TunePlan.Of(spec));
        _axes =
        [
            .. spec.Axes.Select((axis, i) => (axis, i)).Where(a => Bearing.Contains(a.axis.Name, StringComparer.Ordinal))
                .Select(a => (a.i, a.axis.Values.Count)).Reverse(),
        ];
    }

    public long Of(long ordinal)
    {
        // Tuning has seeds of its own.
        (long number, long group) = _tuning?.At(ordinal) is { } tuned
            ? (_seeds + (tuned.Repeat * _tuning.Tune.SeedsEach) + tuned.Seed, tuned.Group) : (ordinal % _seeds, ordinal / _seeds);
        int[] place = _places.At(group);
        foreach ((int axis, int values) in _axes)
            number = (number * values) + place[axis];
        return number;
    }
}

namespace Sweep.Grains.Specs;

/// <summary>
/// A moment at which a sweep was extended with results already there: whoever extends it may have looked at them, and its p-values are corrected for that.
/// </summary>
/// <param name="At">By the store's clock.</param>
/// <param name="Completed">Trials that had completed: results that could be seen.</param>
/// <param name="Total">Trials that the sweep had before it was extended.</param>
/// <param name="Seeds">Of those trials.</param>
/// <param name="Values">Their values on each axis, as the sweep calls them now.</param>
public sealed record SweepLook(
    DateTimeOffset At, long Completed, long Total, IReadOnlyList<long> Seeds, IReadOnlyDictionary<string, IReadOnlyList<string>> Values)
{
    /// <summary>Whether the sweep had a trial by then.</summary>
    public bool Has(TrialSpec trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        return Seeds.Contains(trial.Seed)
            && Values.All(axis => trial.Axes[axis.Key] is { } label && axis.Value.Contains(ReadAxis.Text(label), StringComparer.Ordinal));
    }

    /// <param name="at">When.</param>
    /// <param name="completed">How many had completed.</param>
    /// <param name="trials">All that the sweep had: a grid.</param>
    internal static SweepLook Of(DateTimeOffset at, long completed, IReadOnlyCollection<TrialSpec> trials) => new(
        at, completed, trials.Count, [.. trials.Select(t => t.Seed).Distinct()],
        trials.SelectMany(t => t.Axes).GroupBy(a => a.Key, a => ReadAxis.Text(a.Value!), StringComparer.Ordinal)
            .ToDictionary(a => a.Key, IReadOnlyList<string> (a) => [.. a.Distinct(StringComparer.Ordinal)], StringComparer.Ordinal));

    /// <summary>The same look in the words of another spec, which may call values otherwise or vary what was fixed.</summary>
    /// <param name="trials">Trials of the spec before, with what they are now.</param>
    internal SweepLook Renamed(IEnumerable<(TrialSpec Before, TrialSpec Now)> trials) =>
        Of(At, Completed, [.. trials.Where(t => Has(t.Before)).Select(t => t.Now)]) with { Total = Total };
}

using System.Text.Json.Nodes;

namespace Sweep.Grains.Specs;

/// <summary>Where a tuning trial is.</summary>
/// <param name="Repeat">From 0.</param>
/// <param name="Group">Of the sweep's places.</param>
/// <param name="Setting">Of those that its arm tries, from 0.</param>
/// <param name="Seed">Of the repeat's seeds, from 0.</param>
public readonly record struct TuningPlace(int Repeat, int Group, int Setting, int Seed);

/// <summary>
/// What a spec's <see cref="TuneSpec"/> runs. Its trials are numbered after those that are compared: by repeat, group, setting and seed, the last fastest. An
/// arm, here, is one value of each axis of <c>per</c>; its groups (of the axes that are not in it) are tuned together, and every arm tries the same settings,
/// but for those that an estimator suggests.
/// </summary>
public sealed class TunePlan
{
    private readonly int[] _arms;
    private readonly TunedSuggestions? _suggested;

    private TunePlan(SweepSpec spec, TuneSpec tune)
    {
        (Tune, Groups, Compared, _suggested) = (tune, (int)spec.Places.Count, spec.ComparedCount, spec.Suggested);
        int[] axes = [.. Enumerable.Range(0, spec.Axes.Count).Where(a => tune.Per.Contains(spec.Axes[a].Name, StringComparer.Ordinal))];
        Arms = axes.Aggregate(1, (n, a) => n * spec.Axes[a].Values.Count);
        _arms = [.. spec.Places.All().Select(place => axes.Aggregate(0, (n, a) => (n * spec.Axes[a].Values.Count) + place[a]))];
        Settings = [.. Enumerable.Range(0, tune.Repeats).Select(repeat => SettingsOf(tune, repeat))];
    }

    public TuneSpec Tune { get; }

    /// <summary>Of the sweep.</summary>
    public int Groups { get; }

    /// <summary>Values of <c>per</c> that are tuned each by itself.</summary>
    public int Arms { get; }

    /// <summary>Trials of the sweep's own seeds, whose numbers come first.</summary>
    public long Compared { get; }

    /// <summary>
    /// By repeat the settings of the sequence, each a value for every key of <see cref="TuneSpec.Over"/>. Every arm tries them; where an estimator suggests,
    /// the first of them.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<IReadOnlyList<JsonNode>>> Settings { get; }

    /// <summary>Tuning trials.</summary>
    public long Count => CountOf(Tune, Groups);

    /// <summary>Null where nothing is tuned.</summary>
    public static TunePlan? Of(SweepSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return spec.Tune is { } tune ? new TunePlan(spec, tune) : null;
    }

    /// <summary>Tuning trials of so many groups.</summary>
    public static long CountOf(TuneSpec? tune, long groups) => tune is null ? 0 : groups * tune.Trials * tune.Seeds.Count;

    /// <summary>The settings of a repeat; fewer than asked for where there aren't so many.</summary>
    internal static IReadOnlyList<IReadOnlyList<JsonNode>> SettingsOf(TuneSpec tune, int repeat)
    {
        SearchPoints points = SearchPoints.Of(
            [.. tune.Over.Select(o => new SearchAxis(o.Values.Count, o.Range))],
            new SearchSpec { Method = tune.Method == TuneSpec.Random ? SearchSpec.Random : SearchSpec.Sobol, Groups = tune.Trials, Seed = tune.Seed + repeat });
        return [.. points.Places.Select(IReadOnlyList<JsonNode> (place) => [.. place.Select((at, key) => (points.Values[key] ?? tune.Over[key].Values)[at])])];
    }

    /// <summary>Whether a setting is known: those that an estimator is to suggest aren't before it has.</summary>
    public bool IsKnown(int repeat, int arm, int setting) =>
        setting < Tune.First || (_suggested is { } suggested && setting - Tune.First < suggested.Settings[repeat][arm].Count);

    /// <summary>A setting that an arm tries; while it isn't known, the sequence's stands for it.</summary>
    public IReadOnlyList<JsonNode> Setting(int repeat, int arm, int setting) => setting < Tune.First || !IsKnown(repeat, arm, setting)
        ? Settings[repeat][setting] : _suggested!.Settings[repeat][arm][setting - Tune.First];

    /// <summary>The arm that a group belongs to.</summary>
    public int ArmOf(int group) => _arms[group];

    /// <summary>The repeat whose choice a seed of the sweep confirms.</summary>
    /// <param name="seed">Its place among the sweep's seeds.</param>
    public int RepeatOf(int seed) => Tune.Repeats == 1 ? 0 : seed;

    /// <summary>The seeds of a repeat.</summary>
    public IEnumerable<long> SeedsOf(int repeat) => Tune.Seeds.Skip(repeat * Tune.SeedsEach).Take(Tune.SeedsEach);

    /// <summary>Where the trial of a number is; null of one that is compared.</summary>
    public TuningPlace? At(long ordinal)
    {
        if (ordinal < Compared)
            return null;
        (long rest, long seed) = Math.DivRem(ordinal - Compared, Tune.SeedsEach);
        (rest, long setting) = Math.DivRem(rest, Tune.Trials);
        (long repeat, long group) = Math.DivRem(rest, Groups);
        return new TuningPlace((int)repeat, (int)group, (int)setting, (int)seed);
    }

    /// <summary>The number of a tuning trial.</summary>
    public long OrdinalOf(TuningPlace place) =>
        Compared + (((((((long)place.Repeat * Groups) + place.Group) * Tune.Trials) + place.Setting) * Tune.SeedsEach) + place.Seed);
}

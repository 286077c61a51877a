using Sweep.Grains.Comparison.Report;
using Sweep.Grains.Comparison.Statistics;
using Sweep.Grains.Comparison.Statistics.Racing;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Comparison.Expectations;

/// <summary>
/// A claim's p-value: the least level at which it is supported, with controls that fail. A claim is about all its groups, so it is the largest over them (an
/// intersection-union test); along an axis the least at which the condition begins to hold, by a band at that level over all values. Where results were looked
/// at more than once, a group's is the smallest over looks of p / w, w being the look's share of the level: of a race its declared one, of a sweep that was
/// extended with results already there 1 / (j (j + 1)). Without looks it is at most 0.05 just where <see cref="ExpectationJudge"/> says supported.
/// </summary>
internal sealed class ClaimLevels
{
    private readonly (ExpectationJudge Judge, int? Seeds)[] _looks;
    private readonly Func<int, double> _weight;

    /// <param name="input">The sweep's results.</param>
    /// <param name="table">The same, on its grid.</param>
    public ClaimLevels(ReportInput input, TrialTable table)
    {
        SweepSpec spec = input.Spec;
        if (spec.Race is { } race && RaceVerdicts.Levels(spec, new ComparisonPlan(spec), input.Looks) is { } given)
        {
            // Every look by itself at full level: the weight is applied once, over the looks.
            SeedLevels levels = given with { Share = _ => 1 };
            _looks = [.. race.Looks.Select(seeds => (new ExpectationJudge(table.Prefix(seeds), input.Failed, levels), (int?)seeds))];
            _weight = new LookPlan(race.Looks, race.Spend).Weight;
            return;
        }

        _looks =
        [
            .. spec.Looks.Select(look => (new ExpectationJudge(table.At(look), input.Failed), (int?)null)),
            (new ExpectationJudge(table, input.Failed), null),
        ];
        _weight = spec.Looks.Count == 0 ? _ => 1 : SequentialP.UndeclaredWeight;
    }

    /// <summary>Null where results are missing, or no group is like this.</summary>
    public double? Of(ExpectationSpec expectation)
    {
        ClaimReading[] readings = [.. _looks.Select(look => look.Judge.Read(expectation))];
        double? level = Supported(expectation, [.. readings.Select(r => r.Groups)]);
        for (int i = 0; i < expectation.Controls.Count; i++)
        {
            List<GroupReading>[] there = [.. readings.Select(r => r.Controls[i])];
            double? fails = expectation.Controls[i].ClaimMinusControl is null ? Refuted(expectation, there) : Supported(expectation, there);
            level = level is null || fails is null ? null : Math.Max(level.Value, fails.Value);
        }

        return level;
    }

    private double? Supported(ExpectationSpec expectation, List<GroupReading>[] looks) => expectation.Along is null
        ? Largest(OverLooks(looks, holds: true))
        : Largest([.. Paths(expectation, looks).Select(path => Least(path, crossing => crossing.Begins))]);

    /// <summary>
    /// In every group; along an axis that one path certainly doesn't begin to hold, which may be any of them and so is multiplied with their number.
    /// </summary>
    private double? Refuted(ExpectationSpec expectation, List<GroupReading>[] looks)
    {
        if (expectation.Along is null)
            return Largest(OverLooks(looks, holds: false));
        double?[] paths = [.. Paths(expectation, looks).Select(path => Least(path, crossing => crossing.Denied))];
        return paths.Length == 0 || Array.Exists(paths, p => p is null) ? null : Math.Min(1, paths.Min()!.Value * paths.Length);
    }

    private static double? Largest(double?[] levels) => levels.Length == 0 || Array.Exists(levels, l => l is null) ? null : levels.Max();

    /// <summary>Of every value of each path, the least levels at which the condition holds there, and fails, in a band over all of them.</summary>
    private IEnumerable<(double Holds, double Fails)?[]> Paths(ExpectationSpec expectation, List<GroupReading>[] looks)
    {
        int doses = expectation.Doses.Count;
        double?[] holds = OverLooks(looks, holds: true), fails = OverLooks(looks, holds: false);
        return holds.Zip(fails, (h, f) => h is { } x && f is { } y ? (x * doses, y * doses) : ((double, double)?)null).Chunk(doses);
    }

    /// <summary>
    /// The least level at which a path is as asked for. Verdicts change only where a value's own do; one without results decides nothing. Null where none
    /// has any.
    /// </summary>
    private static double? Least((double Holds, double Fails)?[] path, Func<Crossing, bool> wanted)
    {
        if (Array.TrueForAll(path, p => p is null))
            return null;
        foreach (double level in path.OfType<(double Holds, double Fails)>().SelectMany(p => new[] { p.Holds, p.Fails }).Where(l => l < 1).Distinct().Order())
        {
            string[] verdicts =
            [
                .. path.Select(p => p is not { } value ? ExpectationVerdict.Undecided
                    : value.Holds <= level ? ExpectationVerdict.Supported : value.Fails <= level ? ExpectationVerdict.Refuted : ExpectationVerdict.Undecided),
            ];
            if (wanted(Crossing.Of(verdicts, i => $"{i}")))
                return level;
        }

        return 1;
    }

    /// <summary>Of every group, over the looks that it had; null where the last of these has no value for some seed, whatever earlier ones had.</summary>
    private double?[] OverLooks(List<GroupReading>[] looks, bool holds) =>
    [
        .. Enumerable.Range(0, looks[0].Count).Select(group =>
        {
            List<double?> levels = [];
            for (int look = 0; look < looks.Length; look++)
            {
                GroupReading reading = looks[look][group];
                if (_looks[look].Seeds is { } seeds && reading.Section.PerSeed.Count != seeds)
                    break;
                levels.Add(reading.LeastLevel?.Invoke(holds));
            }

            return levels.Count == 0 || levels[^1] is null ? null : SequentialP.Of(levels, _weight)?.P;
        }),
    ];
}

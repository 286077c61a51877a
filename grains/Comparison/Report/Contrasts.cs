using System.Globalization;
using System.Text.Json.Nodes;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Comparison.Report;

/// <summary>
/// The report's comparisons as results have them: by the metric of <c>compare</c>, which is the primary family, and by the log-likelihood at its end and after
/// 20% of the reverse steps, energy distance and sliced Wasserstein-2, each a secondary family of its own.
/// </summary>
internal sealed class Contrasts
{
    /// <summary>"Early" is this share of the reverse steps.</summary>
    private const double EarlyShare = 0.2;

    private readonly TrialTable _table;
    private readonly ComparisonPlan _plan;
    private readonly string _headline;

    private Contrasts(TrialTable table, ComparisonPlan plan, string headline) => (_table, _plan, _headline) = (table, plan, headline);

    /// <summary>The primary family first.</summary>
    /// <exception cref="ArgumentException">A baseline that isn't on its axis.</exception>
    public static IReadOnlyList<ContrastFamily> Of(TrialTable table, SweepSpec spec) => Of(table, spec, new ComparisonPlan(spec));

    /// <summary>The same, with the plan made before.</summary>
    public static IReadOnlyList<ContrastFamily> Of(TrialTable table, SweepSpec spec, ComparisonPlan plan)
    {
        List<ContrastFamily> families = new Contrasts(table, plan, spec.Compare.Metric).Families();
        if (spec.Looks.Count == 0)
            return families;
        List<ContrastFamily>[] earlier = [.. spec.Looks.Select(look => new Contrasts(table.At(look), plan, spec.Compare.Metric).Families())];
        return
        [
            .. families.Select(family => family with
            {
                Earlier =
                [
                    .. earlier.Select(look => (look.Find(f => f.Primary == family.Primary && Same(f.Metric, family.Metric))?.Contrasts ?? [])
                        .ToDictionary(c => c.PlaceKey, StringComparer.Ordinal)),
                ],
            }),
        ];
    }

    /// <summary>What a race's look needs: the primary family, and the energy distance, which a suspicion of collapse goes by.</summary>
    public static IReadOnlyList<ContrastFamily> OfLook(TrialTable table, SweepSpec spec, ComparisonPlan plan)
    {
        Contrasts contrasts = new(table, plan, spec.Compare.Metric);
        ContrastFamily primary = contrasts.Family(spec.Compare.Metric, primary: true, plan.Of(spec.Compare.Metric));
        return Same(spec.Compare.Metric, MetricCatalog.EnergyDistance) ? [primary]
            : [primary, contrasts.Family(MetricCatalog.EnergyDistance, primary: false, plan.Of(MetricCatalog.EnergyDistance))];
    }

    /// <summary>The name of the early read-off of a curve with so many points; null for a curve too short to have one.</summary>
    internal static string? EarlyName(int points)
    {
        int step = (int)Math.Round(EarlyShare * (points - 1), MidpointRounding.AwayFromZero);
        return step > 0 ? $"{MetricCatalog.LogLikelihood}@{step.ToString(CultureInfo.InvariantCulture)}" : null;
    }

    private List<ContrastFamily> Families()
    {
        List<ContrastFamily> families = [Family(_headline, primary: true, _plan.Of(_headline))];
        if (!Same(_headline, MetricCatalog.LogLikelihood))
            Secondary(MetricCatalog.LogLikelihood, _plan.Of(MetricCatalog.LogLikelihood));

        // Where the number of reverse steps is itself an axis, each length has a read-off of its own.
        string[] early = [.. _table.Cells.Select(Length).OfType<int>().Select(EarlyName).OfType<string>().Distinct(StringComparer.Ordinal)
            .OrderBy(n => MetricAddress.Of(n).At)];
        foreach (string name in early.Where(n => !Same(n, _headline)))
            Secondary(name, _plan.Of(MetricCatalog.LogLikelihood, (a, b) => SameStep(a, b, name, early.Length == 1)));
        foreach (string name in new[] { MetricCatalog.EnergyDistance, MetricCatalog.SlicedWasserstein }.Where(n => !Same(n, _headline)))
            Secondary(name, _plan.Of(name));
        return families;

        // A metric that no trial has a value of makes no family.
        void Secondary(string metric, IEnumerable<PlannedComparison> planned)
        {
            if (_table.Cells.Any(c => c.BySeed.Values.Any(t => Score.Of(t, metric).Value is not null))
                && Family(metric, primary: false, planned) is { Size: > 0 } family)
                families.Add(family);
        }
    }

    private ContrastFamily Family(string metric, bool primary, IEnumerable<PlannedComparison> planned)
    {
        List<Contrast> contrasts = [];
        PlannedComparison[] all = [.. planned];
        for (int i = 0; i < all.Length; i++)
        {
            PlannedComparison comparison = all[i];
            if (comparison.Places.Any(p => _table.At(p) is not null || _table.At(_plan.With(p, comparison.B)) is not null))
                contrasts.Add(Measure(comparison, metric) with { Index = i });
        }

        return new ContrastFamily(metric, primary, all, contrasts);
    }

    private Contrast Measure(PlannedComparison planned, string metric)
    {
        (string a, string b) = (_plan.Labels[_plan.Baseline], _plan.Labels[planned.B]);
        Side sideA = new(a), sideB = new(b);
        List<double> differences = [], scoresA = [], scoresB = [], excessA = [], excessB = [], shares = [];
        int left = 0, places = planned.Places.Count;
        foreach (long seed in _table.Seeds)
        {
            double x = 0, y = 0, below = 0, above = 0;
            bool complete = true, scored = true, judged = true;
            sideA.Next();
            sideB.Next();
            foreach (int[] place in planned.Places)
            {
                CompletedTrial? one = _table.At(place)?.BySeed.GetValueOrDefault(seed),
                    other = _table.At(_plan.With(place, planned.B))?.BySeed.GetValueOrDefault(seed);
                Score u = sideA.Read(one, metric), v = sideB.Read(other, metric);
                complete &= one is not null && other is not null;
                scored &= u.Value is not null && v.Value is not null;
                judged &= u.Excess is not null && v.Excess is not null;
                x += (u.Value ?? 0) / places;
                y += (v.Value ?? 0) / places;
                below += (u.Excess ?? 0) / places;
                above += (v.Excess ?? 0) / places;
                if (one is not null && FiniteData.TestToTrain(one) is { } share)
                    shares.Add(share);
            }

            if (!complete)
                left++;
            if (!complete || !scored)
                continue;
            differences.Add(y - x);
            scoresA.Add(x);
            scoresB.Add(y);
            if (!judged)
                continue;
            excessA.Add(below);
            excessB.Add(above);
        }

        // A missing trial (failed, cancelled) is missing for reasons kept apart; a completed trial without a value (NaN, never) is itself a
        // result, and leaving it out would flatter the side that diverged.
        string? broken = Side.Broken(sideA, sideB, _table.Seeds.Count);
        if (broken is not null)
        {
            foreach (List<double> values in new[] { differences, scoresA, scoresB, excessA, excessB })
                values.Clear();
        }

        return new Contrast
        {
            A = a,
            B = b,
            Metric = MetricCatalog.Info(metric),
            Where = Where(planned),
            AveragedOver = [.. planned.Averaged.Select(i => _table.Axes[i].Name)],
            Differences = differences,
            ScoresA = scoresA,
            ScoresB = scoresB,
            ExcessA = excessA,
            ExcessB = excessB,
            TestToTrain = shares.Count > 0 ? shares.Average() : null,
            Missing = broken ?? (left > 0 ? Side.Missing(sideA, sideB, left, _table.Seeds.Count) : null),
        };
    }

    /// <summary>
    /// Whether an early read-off means the same share of the way on both sides. What <c>compare.metric</c> names is read at that step whatever the curves'
    /// lengths.
    /// </summary>
    private bool SameStep(int[] a, int[] b, string metric, bool onlyOne)
    {
        int? x = Length(_table.At(a)), y = Length(_table.At(b));

        // A side that has no curve yet is taken to be like the other.
        return (x ?? y) is { } points ? points == (y ?? x) && Same(EarlyName(points) ?? "", metric) : onlyOne;
    }

    private static int? Length(TrialCell? cell) => cell?.BySeed.Values
        .Select(t => t.Result.Curves.TryGetValue(MetricCatalog.LogLikelihood, out float[]? curve) ? curve.Length : (int?)null)
            .FirstOrDefault(n => n is not null);

    private JsonObject Where(PlannedComparison planned)
    {
        JsonObject where = [];
        int[] place = planned.Places[0];
        for (int i = 0; i < place.Length; i++)
        {
            if (i != _plan.Axis && !planned.Averaged.Contains(i))
                where[_table.Axes[i].Name] = _table.Axes[i].Values[place[i]].DeepClone();
        }

        return where;
    }

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.Ordinal);

    /// <summary>What one side of a comparison lacks.</summary>
    private sealed class Side(string arm)
    {
        private readonly SortedSet<string> _reasons = new(StringComparer.Ordinal);
        private int _unfinished, _diverged, _broken;
        private bool _isUnfinished, _isDiverged, _isBroken;

        /// <summary>The next seed: each counts once, however many of its groups lack something.</summary>
        public void Next() => _isUnfinished = _isDiverged = _isBroken = false;

        public Score Read(CompletedTrial? trial, string metric)
        {
            if (trial is null)
            {
                _unfinished += _isUnfinished ? 0 : 1;
                _isUnfinished = true;
                return default;
            }

            Score score = Score.Of(trial, metric);
            if (score.Reason is not { } reason)
                return score;
            if (Divergence.Of(trial.Result) is not null)
            {
                _diverged += _isDiverged ? 0 : 1;
                _isDiverged = true;
            }
            else
            {
                _reasons.Add(reason);
                _broken += _isBroken ? 0 : 1;
                _isBroken = true;
            }

            return score;
        }

        /// <summary><c>10 diverged in 3 of 3 seeds</c>; <c>a has no value in 1 of 3 seeds (never)</c>; null where each completed trial has a value.</summary>
        public static string? Broken(Side a, Side b, int seeds)
        {
            string[] parts = [.. new[] { a, b }.SelectMany(s => s.BrokenWords(seeds))];
            return parts.Length > 0 ? string.Join("; ", parts) : null;
        }

        public static string Missing(Side a, Side b, int left, int seeds)
        {
            Side[] without = [.. new[] { a, b }.Where(s => s._unfinished > 0)];
            string who = $"{Wording.List(without.Select(s => s.Name))} {(without.Length == 1 ? "has" : "have")} no result";
            return left == seeds ? $"{who} in {seeds} of {seeds} seeds" : $"{left} of {seeds} seeds left out: {who}";
        }

        private string Name => Evidence.Name(arm);

        private IEnumerable<string> BrokenWords(int seeds)
        {
            if (_diverged > 0)
                yield return $"{Name} diverged in {_diverged} of {seeds} seeds";
            if (_broken > 0)
                yield return $"{Name} has no value in {_broken} of {seeds} seeds ({string.Join("; ", _reasons)})";
        }
    }
}

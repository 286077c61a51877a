using System.Globalization;
using System.Text.Json.Nodes;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Comparison.Report;

/// <summary>
/// The few findings that matter most, one sentence each: where arms win and lose at the end, what the width does, what the preprocessing
/// alone does, what can't be told apart, and how the certain ones were found. What calls the answer itself into question comes first.
/// </summary>
internal sealed class KeyFindings(Evidence evidence, Coverage coverage)
{
    /// <summary>Arms beyond these are left to the list of all findings.</summary>
    private const int MaxArms = 2;

    /// <summary>Places beyond these are counted instead of told one by one.</summary>
    private const int MaxPlaces = 4;

    /// <summary>A setting that ends farther from the truth than so many thresholds has learned nothing of the data.</summary>
    private const double FarThresholds = 100;

    private readonly string baseline = evidence.Arms[0];

    private string[] Told => [.. evidence.Arms.Skip(1).Take(MaxArms)];

    public IReadOnlyList<string> List(IEnumerable<string> warnings, FamilySection family)
    {
        List<string> findings = [.. warnings];
        if (Diverged() is { } diverged)
            findings.Add(diverged);
        if (Far() is { } far)
            findings.Add(far);
        if (NoDensity() is { } noDensity)
            findings.Add(noDensity);
        findings.AddRange(Told.Select(Wins).OfType<string>());
        findings.AddRange(Told.SelectMany(Turns));
        findings.AddRange(evidence.Arms.Skip(1).Select(Suspicion).OfType<string>());
        if (Widths() is { } widths)
            findings.Add(widths);
        findings.AddRange(evidence.Arms.Select(Start).OfType<string>());
        if (Unadjusted() is { } unadjusted)
            findings.Add(unadjusted);
        if (Undecided() is { } undecided)
            findings.Add(undecided);
        if (FamilyWords.Marked(evidence.Comparisons) is { } marked)
            findings.Add(marked);
        if (FamilyWords.Resplit(evidence.Comparisons) is { } resplit)
            findings.Add(resplit);
        if (RaceWords.Equivalent(evidence.Comparisons, family) is { } equivalent)
            findings.Add(equivalent);
        if (RaceWords.Summary(family) is { } race)
            findings.Add(race);
        if (FamilyWords.Looks(family) is { } looks)
            findings.Add(looks);
        if (FamilyWords.Withdrawn(evidence.Comparisons) is { } withdrawn)
            findings.Add(withdrawn);
        if (family.Tested > 0)
        {
            string test = family.Test.Split(" (", 2)[0];
            findings.Add($"{FamilyWords.Certain(evidence.Comparisons, family)}: {test}, {family.Method}-adjusted p below {Wording.Plain(family.Alpha)}."
                + $"{(FamilyWords.Power(family) is { } power ? $" {power}" : "")}");
        }

        if (FamilyWords.Exploratory(evidence.Comparisons, family) is { } exploratory)
            findings.Add(exploratory);
        return findings;
    }

    /// <summary>Which arms diverged, where, and what follows from it.</summary>
    private string? Diverged()
    {
        IReadOnlyList<DivergedArm> arms = DivergedArm.Of(evidence);
        if (arms.Count == 0)
            return null;
        string told = arms.Count <= Evidence.Handful
            ? string.Join("; ", arms.Select(a => $"{a.Words}{(evidence.Places.Length > 1 ? $" (on {evidence.Names(a.Places)})" : "")}"))
            : $"{arms.Count} arms diverged ({string.Join(", ", arms.Select(a => $"{Name(a.Arm)} in {a.Trials} of {a.Planned}"))} trials)";
        return $"{told}. Such trials completed, so this is a result; they have no value to compare.";
    }

    /// <summary>Places where every setting ends far from the truth: what is compared there are failures.</summary>
    private string? Far()
    {
        double limit = FarThresholds * evidence.Spec.ThresholdNats;
        (JsonObject Place, double Nats)[] far =
        [
            .. evidence.Places.Select(p => (Place: p, Nats: Nearest(p))).Where(p => p.Nats > limit).Select(p => (p.Place, p.Nats!.Value)),
        ];
        return far.Length == 0 ? null
            : $"On {evidence.Names(far.Select(f => f.Place))} no setting ends within {Wording.Plain(limit)} nats of the truth level "
                + $"(the nearest mean is {Figures.Number(far.Min(f => f.Nats))} nats away): none has learned these data, and what differs there are failures.";

        double? Nearest(JsonObject place) => evidence.Arms.SelectMany(a => evidence.Of(place, a))
            .Select(g => g.Metrics.GetValueOrDefault(MetricCatalog.LogLikelihood))
            .Min(m => m is { Mean: { } mean, TruthLevel: { } level } ? Math.Abs(level - mean) : (double?)null);
    }

    private IEnumerable<Outcome> Outcomes(string b) => evidence.Places.Select(p => Outcome.Of(evidence, p, b));

    /// <summary>Places where there is no log-likelihood, and why.</summary>
    private string? NoDensity()
    {
        (string Title, string Reason)[] without =
        [
            .. evidence.Places.Select(p => (evidence.Title(p), Reason(p))).Where(p => p.Item2 is not null).Select(p => (p.Item1, p.Item2!)),
        ];
        return without.Length == 0 ? null
            : $"There is no log-likelihood on {evidence.Names([.. without.Select(w => w.Title)])} "
                + $"({Wording.List(without.Select(w => w.Reason).Distinct(StringComparer.Ordinal))}): "
                + "samples are compared with held-out ones by energy distance and sliced Wasserstein-2.";

        string? Reason(JsonObject place)
        {
            MetricSummary[] all = [.. evidence.Arms.SelectMany(a => evidence.Of(place, a)).Select(g => g.Metrics.GetValueOrDefault(MetricCatalog.LogLikelihood))
                .OfType<MetricSummary>()];
            return all.Length > 0 && all.All(m => m.TruthLevel is null && m.PerSeed.All(v => v is null)) ? all[0].Reason ?? "not measured" : null;
        }
    }

    /// <summary>Where an arm is certainly better at the end, setting by setting, and whether the distances agree.</summary>
    private string? Wins(string b)
    {
        Outcome[] wins = [.. Outcomes(b).Where(o => o.Better.Count > 0)];
        if (wins.Length == 0)
            return null;
        string where = wins.Length <= MaxPlaces
            ? Wording.List(wins.Select(o => $"on {o.Title}{o.End.Where(o.Better)} (by {o.End.Amount(o.Better)})"))
            : $"on {evidence.Some(wins.Length)} (by {Sizes(wins.Select(o => o.End), o => o.Won("b"))})";
        // A log-likelihood alone could be gamed, so what the distances say belongs beside it.
        string agree = Same(evidence.Headline.Name, MetricCatalog.LogLikelihood) && wins.All(o => Agrees(o.Place, b))
            ? "; energy distance and sliced Wasserstein-2 agree" : "";
        return $"{Name(b)} is better than {Name(baseline)} {evidence.Moment} {where}{agree}.";
    }

    private bool Agrees(JsonObject place, string b) => new[] { MetricCatalog.EnergyDistance, MetricCatalog.SlicedWasserstein }
        .All(m => evidence.Duel(place, b, m).Average is { Verdict: "b" });

    /// <summary>Where an arm that is better early is worse at the end, or the other way round, and where it is worse at the end only.</summary>
    private IEnumerable<string> Turns(string b)
    {
        Outcome[] outcomes = [.. Outcomes(b)];
        foreach ((string last, string early, string late) in new[] { ("a", "better", "worse"), ("b", "worse", "better") })
        {
            foreach (Outcome o in outcomes.Where(o => o.Turned(last).Count > 0).Take(MaxPlaces))
            {
                IReadOnlyList<ComparisonSection> turned = o.Turned(last);
                yield return $"On {o.Title} {Name(b)} is {early} early (exploratory), by {o.Start!.Amount(o.Before(turned))} at step "
                    + $"{evidence.EarlyStep}{(Same(last, "a") ? AtStart(o, b) : "")}, "
                    + $"but {late} {evidence.Moment}, by {o.End.Amount(turned)}{o.End.Where(turned)}.";
            }
        }

        foreach (Outcome o in outcomes.Where(o => o.LeadsEarly && o.Turned("a").Count == 0 && o.Better.Count == 0).Take(MaxPlaces))
        {
            if (Against(o) is { Count: > 0 } against)
            {
                yield return $"On {o.Title} {Name(b)} is better early (exploratory), by {o.Start!.Amount(o.Start.Settings)} at step "
                    + $"{evidence.EarlyStep}{AtStart(o, b)}, {Ends(o, against)}.";
            }
        }

        Outcome[] losses = [.. outcomes.Where(o => o.Worse.Count > 0 && o.Turned("a").Count == 0)];
        if (losses.Length > 0)
        {
            string where = losses.Length <= MaxPlaces
                ? Wording.List(losses.Select(o => $"on {o.Title}{o.End.Where(o.Worse)} (by {o.End.Amount(o.Worse)})"))
                : $"on {evidence.Some(losses.Length)} (by {Sizes(losses.Select(o => o.End), o => o.Won("a"))})";
            yield return $"{Name(b)} is worse than {Name(baseline)} {evidence.Moment} {where}.";
        }
    }

    /// <summary>How an early lead ends where no setting by itself is certain: on average, as the headline has it, or not at all.</summary>
    private string Ends(Outcome o, List<ComparisonSection> against)
    {
        int all = o.End.Settings.Count;
        string over = Wording.List(o.End.Axes.Select(a => a.Name));
        string means = all == 1 ? "the mean favours" : against.Count == all ? "the means favour"
            : $"{Count(against.Count)} of {Count(all)} means {(against.Count == 1 ? "favours" : "favour")}";
        string most = $"{(against.Count == 1 ? "" : ", most")}{o.End.Where([against[0]])}, by {o.End.Amount([against[0]])}";
        string alone = $"of the {Count(all)} settings none is certain by itself, and {means} {Name(baseline)}{most}";
        return o.Averaged("a") ? $"but worse {evidence.Moment} averaged over {over}, by {o.End.Amount([o.End.Average!])} ({alone})"
            : o.Averaged("b") ? $"and {evidence.Moment} too averaged over {over}, by {o.End.Amount([o.End.Average!])} ({alone})"
            : $"but {evidence.Moment} no difference there is certain after Holm's correction: {means} {Name(baseline)}{most}";
    }

    /// <summary>The undecided settings whose means are against the arm, the furthest first.</summary>
    private static List<ComparisonSection> Against(Outcome o) =>
    [
        .. o.Open.Where(c => c.PValue is not null && Duel.Advantage(c, o.End.Metric) < 0).OrderBy(c => Duel.Advantage(c, o.End.Metric)),
    ];

    /// <summary>Wins that were denied because they may come from crowding the modes, and wins that a distance contradicts.</summary>
    private string? Suspicion(string b)
    {
        string[] suspected =
        [
            .. evidence.Places.Where(p => Suspect(evidence.Duel(p, b, MetricCatalog.LogLikelihood))).Select(evidence.Title),
        ];
        if (suspected.Length > 0)
            return $"Suspected mode collapse with {Name(b)} or {Name(baseline)} on {evidence.Names(suspected)}: samples score above the truth level, so no "
                + $"win is called there; look at mode coverage.";
        string[] against =
        [
            .. evidence.Places.Where(p => evidence.Duel(p, b, MetricCatalog.LogLikelihood).Average is { Verdict: not "undecided" } called
                && new[] { MetricCatalog.EnergyDistance, MetricCatalog.SlicedWasserstein }
                    .Any(m => evidence.Duel(p, b, m).Average is { Verdict: not "undecided" } other
                        && !Same(other.Verdict, called.Verdict))).Select(evidence.Title),
        ];
        return against.Length == 0
            ? null : $"The metrics disagree about {Name(b)} on {evidence.Names(against)}: look at energy distance and mode coverage before believing the "
            + $"log-likelihood.";
    }

    /// <summary>The baseline's gap grows as the width shrinks; the most important arm that stays near the truth level meanwhile.</summary>
    private string? Widths()
    {
        (string Title, WidthTrend Trend)[] grows =
        [
            .. evidence.Places.Select(p => (evidence.Title(p), evidence.Trend(p)))
                .Where(t => t.Item2?.Arms is [{ Grows: true } first, ..] && Same(first.Arm, baseline))
                .Select(t => (t.Item1, t.Item2!)),
        ];
        if (grows.Length == 0)
            return null;
        foreach (string arm in Told)
        {
            (string Title, WidthTrend Trend, double Most)[] stays =
            [
                .. grows.SelectMany(g => g.Trend.Arms.Where(a => Same(a.Arm, arm)
                    && a.Gaps.Max() <= Math.Min(evidence.Spec.ThresholdNats, g.Trend.Arms[0].Gaps.Max() / 2) && a.Advantage is { Low: > 0 })
                    .Select(a => (g.Title, g.Trend, a.Gaps.Max()))),
            ];
            if (stays.Length > 0)
            {
                return $"{Growth([.. stays.Select(s => (s.Title, s.Trend))])}; {Name(arm)} stays within {Figures.AtMost(stays.Max(s => s.Most))} nats of the "
                    + $"truth level at every width there.";
            }
        }

        return $"{Growth(grows)}.";
    }

    private string Growth((string Title, WidthTrend Trend)[] places)
    {
        WidthTrend first = places[0].Trend;
        string amounts = places.Length <= MaxPlaces
            ? Wording.List(places.Select(p => $"by {Amount(p.Trend.Arms[0])} on {p.Title}"))
            : $"on {evidence.Some(places.Length)}";
        return $"As the width shrinks from {first.Wide} to {first.Narrow}, {Name(baseline)}'s final distance from the truth level grows {amounts}";

        static string Amount(ArmTrend arm) => Wording.WithUnit(Figures.Interval(arm.Growth!.Mean, arm.Growth.Low, arm.Growth.High), "nats");
    }

    /// <summary>An early lead that is there before the first reverse step is the preprocessing's: in brackets, empty when most of it comes later.</summary>
    private string AtStart(Outcome outcome, string b)
    {
        double[] own = [.. evidence.Starts(outcome.Place, b).OfType<double>()], other = [.. evidence.Starts(outcome.Place, baseline).OfType<double>()];
        double lead = own.Length > 0 && other.Length > 0 ? other.Average() - own.Average() : 0;
        return outcome.LeadsEarly && lead >= outcome.Start!.Settings.Average(c => c.Difference.Mean ?? 0) / 2
            ? $" ({Wording.WithUnit(Figures.Number(lead), "nats")} at step 0 already, before any denoising)" : "";
    }

    /// <summary>Curves that are at the truth level before the network has done anything, and whether the baseline ever gets there.</summary>
    private string? Start(string arm)
    {
        JsonObject[] there = [.. evidence.Places.Where(p => evidence.StartsAtTruthLevel(p, arm))];
        if (there.Length == 0)
            return null;
        double most = there.SelectMany(p => evidence.Starts(p, arm)).OfType<double>().Max();
        return $"{Name(arm)} is within {Figures.AtMost(most)} nats of the truth level on {evidence.Names(there)} at step 0 already, before any denoising: "
            + $"the preprocessing does that, the network has not learned it{(Same(arm, baseline) ? "" : Arrivals(there))}.";
    }

    /// <summary>In how many trials the baseline settles within the threshold of the truth level, and from which step on.</summary>
    private string Arrivals(JsonObject[] places)
    {
        MetricSummary[] steps = [.. places.SelectMany(p => evidence.Of(p, baseline)).Select(g => g.Metrics.GetValueOrDefault(MetricCatalog.StepsToThreshold))
            .OfType<MetricSummary>()];
        double[] reached = [.. steps.SelectMany(s => s.PerSeed).OfType<double>()];
        int all = steps.Sum(s => s.PerSeed.Count);
        bool measured = reached.Length > 0 || steps.Any(s => s.Reason?.StartsWith("never", StringComparison.Ordinal) == true);
        string within = Wording.WithUnit(Wording.Plain(evidence.Spec.ThresholdNats), "nats");
        return !measured ? ""
            : reached.Length == 0 ? $"; {Name(baseline)} never settles within {within}"
            : $"; {Name(baseline)} settles within {within} in {Count(reached.Length)} of {Count(all)} trials, from step {Wording.Plain(reached.Min())} "
                + $"on at the earliest";
    }

    /// <summary>Where nothing at all is certain: how large the differences could be, at a sweep's only place.</summary>
    private string? Unadjusted()
    {
        if (evidence.Places is not [{ } place] || evidence.Comparisons.Any(c => Same(c.Metric, evidence.Headline.Name) && !Same(c.Verdict, "undecided")))
            return null;
        (string Arm, ComparisonSection Average, Duel Duel)[] measured =
        [
            .. evidence.Arms.Skip(1).Select(b => (b, evidence.Duel(place, b, evidence.Headline.Name)))
                .Where(d => d.Item2.Average is { PValue: not null, Better: not null } && !Suspect(d.Item2))
                .Select(d => (d.b, d.Item2.Average!, d.Item2)),
        ];
        if (measured.Length == 0)
            return null;
        string over = evidence.FreeAxes.Length == 0 ? "" : $", averaged over {Wording.List(evidence.FreeAxes.Select(a => a.Name))}";
        return $"Before adjustment{over}: {Wording.List(measured.Select(m => Leaning(m.Arm, m.Average, m.Duel)))}.";
    }

    /// <summary>Better or worse only where the interval says so; else whom the mean favours.</summary>
    private string Leaning(string arm, ComparisonSection average, Duel duel)
    {
        bool better = Same(average.Better!, "b");
        return average.Difference is { CiLow: < 0, CiHigh: > 0 }
            ? $"the mean favours {Name(better ? arm : baseline)}{(better ? "" : $" over {Name(arm)}")} by {duel.Amount([average])}"
            : $"{Name(arm)} is {(better ? "better" : "worse")} by {duel.Amount([average])}";
    }

    /// <summary>One sentence on everything that the headline metric can't tell apart.</summary>
    private string? Undecided()
    {
        List<string> parts = [];
        List<string> nowhere = [];
        foreach (string b in evidence.Arms.Skip(1))
        {
            Outcome[] tested = [.. Outcomes(b).Where(o => o.End.Settings.Any(c => c.PValue is not null))];
            Outcome[] open = [.. tested.Where(o => o.Open.Count > 0)];
            if (open.Length == 0)
                continue;
            if (tested.All(o => o.Open.Count == o.End.Settings.Count && !o.Wins && !o.Loses))
            {
                if (Early(tested) is { Length: > 0 } lead)
                    parts.Add($"{Name(b)} everywhere{lead}");
                else
                    nowhere.Add(Name(b));
                continue;
            }

            string where = open.Length <= MaxPlaces ? Wording.List(open.Select(o => $"on {o.Title}{o.End.Where(o.Open)}{Averaged(o)}"))
                : $"in {Count(open.Sum(o => o.Open.Count))} of {Count(tested.Sum(o => o.End.Settings.Count))} settings";
            parts.Add($"{Name(b)} {where}");
        }

        if (nowhere.Count > 0)
            parts.Add($"{Evidence.ArmNames(nowhere)} {(coverage.Places.Count > 0 ? "wherever they were compared" : "everywhere")}");
        return parts.Count == 0 ? null : $"Not told apart from {Name(baseline)} {evidence.Moment}, which does not mean equal: {string.Join("; ", parts)}.";

        string Averaged(Outcome o) => !o.Averaged("a") && !o.Averaged("b") ? ""
            : $" (though {(o.Averaged("b") ? "better" : "worse")} averaged over {Wording.List(o.End.Axes.Select(a => a.Name))})";

        string Early(Outcome[] outcomes)
        {
            Outcome[] leads = [.. outcomes.Where(o => o.LeadsEarly)];
            return leads.Length == 0 ? "" : $" (though better early on {evidence.Names([.. leads.Select(o => o.Title)])})";
        }
    }

    /// <summary>A win was denied: what looks better may be collapse.</summary>
    private static bool Suspect(Duel duel) =>
        duel.Settings.Append(duel.Average).Any(c => c?.Reason?.Contains("collapse", StringComparison.Ordinal) == true);

    private static string Sizes(IEnumerable<Duel> duels, Func<Duel, IReadOnlyList<ComparisonSection>> pick)
    {
        Duel[] all = [.. duels];
        double[] sizes = [.. all.SelectMany(pick).Select(c => Math.Abs(c.Difference.Mean ?? 0))];
        return Wording.WithUnit(Figures.Range(sizes.Min(), sizes.Max()), all[0].Metric.Unit);
    }

    private static string Count(int count) => count.ToString(CultureInfo.InvariantCulture);

    private static string Name(string arm) => Evidence.Name(arm);

    private static bool Same(string a, string b) => Evidence.Same(a, b);
}

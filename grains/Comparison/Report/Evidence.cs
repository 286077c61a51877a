using System.Globalization;
using System.Text.Json.Nodes;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Comparison.Report;

/// <summary>What the report's words are made from: the numbers, the arms in order of importance, and the places that are spoken of one by one.</summary>
internal sealed class Evidence
{
    /// <summary>More names than these are counted instead of told one by one.</summary>
    public const int Handful = 5;

    private readonly string[] fixedAxes;

    public Evidence(SweepSpec spec, TrialTable table, IReadOnlyList<GroupSection> groups, IReadOnlyList<ComparisonSection> comparisons)
    {
        (Spec, Table, Groups, Comparisons) = (spec, table, groups, comparisons);
        fixedAxes = [.. ComparisonPlan.PlaceAxes.Where(a => table.AxisIndex(a) >= 0 && !Same(a, spec.Compare.Axis))];
        FreeAxes = [.. spec.Axes.Where(a => !Same(a.Name, spec.Compare.Axis) && !fixedAxes.Contains(a.Name, StringComparer.Ordinal) && a.Values.Count > 1)];
        Places = [.. groups.Select(g => Only(g.Axes, fixedAxes)).DistinctBy(p => p.ToJsonString())];
        Headline = MetricCatalog.Info(spec.Compare.Metric);
        string[] readOffs =
            [.. comparisons.Select(c => c.Metric).Where(m => MetricCatalog.IsReadOff(m) && !Same(m, spec.Compare.Metric)).Distinct(StringComparer.Ordinal)];
        Early = readOffs.Length == 1 ? readOffs[0] : null;
        int axis = table.AxisIndex(spec.Compare.Axis);
        string[] labels = axis < 0 ? [] : [.. spec.Axes[axis].Values.Select(AxisText.Of)];
        IEnumerable<string> others = labels.Where(l => !Same(l, spec.Compare.Baseline)).OrderByDescending(b => Largest(b, Headline.Name))
            .ThenByDescending(b => comparisons.Any(c => IsTested(c, b))).ThenByDescending(b => Largest(b, Early));
        Arms = [spec.Compare.Baseline, .. others];
    }

    public SweepSpec Spec { get; }

    public TrialTable Table { get; }

    public IReadOnlyList<GroupSection> Groups { get; }

    public IReadOnlyList<ComparisonSection> Comparisons { get; }

    /// <summary>The baseline, then the others: the largest certain effect at the end first, then the largest early; otherwise the spec's order.</summary>
    public string[] Arms { get; }

    /// <summary>Axes whose values make the settings within one place: neither compared nor dataset nor schedule.</summary>
    public SweepAxis[] FreeAxes { get; }

    /// <summary>Each dataset and schedule that has results.</summary>
    public JsonObject[] Places { get; }

    /// <summary><c>4 of 6 datasets</c>, or <c>… combinations of dataset and schedule</c> where both vary.</summary>
    public string Some(int places)
    {
        string[] vary = [.. fixedAxes.Where(a => Places.Select(p => AxisText.Of(p[a])).Distinct(StringComparer.Ordinal).Count() > 1)];
        return $"{places.ToString(CultureInfo.InvariantCulture)} of {Places.Length.ToString(CultureInfo.InvariantCulture)} {Noun(vary)}";
    }

    /// <summary><c>moons and rings</c>; more than a handful as <c>15 data sets</c>.</summary>
    /// <param name="titles">Of places.</param>
    public string Names(IReadOnlyList<string> titles) => titles.Count <= Handful ? Wording.List(titles)
        : $"{titles.Count.ToString(CultureInfo.InvariantCulture)} {Noun([.. fixedAxes.Where(a => Spec.Axes[Table.AxisIndex(a)].Values.Count > 1)])}";

    /// <summary>The same of places.</summary>
    public string Names(IEnumerable<JsonObject> places) => Names([.. places.Select(Title)]);

    /// <summary>The same of arms, as they are named in sentences.</summary>
    public static string ArmNames(IReadOnlyList<string> names) =>
        names.Count <= Handful ? Wording.List(names) : $"{names.Count.ToString(CultureInfo.InvariantCulture)} arms";

    private static string Noun(string[] vary) => vary switch
    {
        [] or ["dataset"] => "data sets",
        [var one] => $"{one}s",
        _ => $"combinations of {Wording.List(vary)}",
    };

    /// <summary>Where a place of the grid is, by the axes that places are told apart by.</summary>
    public JsonObject PlaceOf(int[] place) =>
        [.. fixedAxes.Select(a => KeyValuePair.Create<string, JsonNode?>(a, Spec.Axes[Table.AxisIndex(a)].Values[place[Table.AxisIndex(a)]].DeepClone()))];

    /// <summary>Whether the headline metric tests an arm against the baseline at a place, in some setting or on average.</summary>
    public bool Compared(JsonObject place, string b) => Comparisons.Any(c => IsTested(c, b) && Matches(c.Where, place));

    private bool IsTested(ComparisonSection c, string b) => c.PValue is not null && Same(c.B, b) && Same(c.Metric, Headline.Name);

    /// <summary>The metric of <c>compare</c>.</summary>
    public MetricInfo Headline { get; }

    /// <summary>The early read-off; null when there is none or more than one.</summary>
    public string? Early { get; }

    /// <summary>The reverse step of <see cref="Early"/>.</summary>
    public string EarlyStep => Early is null ? "" : MetricAddress.Of(Early).AtText;

    /// <summary>When the headline metric is taken: <c>at the end</c>, or <c>at reverse step 20</c> for a read-off.</summary>
    public string Moment => Headline.Label.LastIndexOf(" at ", StringComparison.Ordinal) is > 0 and var at && MetricCatalog.IsReadOff(Headline.Name)
        ? Headline.Label[(at + 1)..] : "at the end";

    public Duel Duel(JsonObject place, string b, string metric)
    {
        ComparisonSection[] here = [.. Comparisons.Where(c => Same(c.Metric, metric) && Same(c.B, b) && Matches(c.Where, place))];
        ComparisonSection[] settings = [.. here.Where(c => c.AveragedOver.Count == 0)];
        return new Duel
        {
            A = Arms[0],
            B = b,
            Metric = MetricCatalog.Info(metric),
            Axes = FreeAxes,
            Settings = settings,
            Average = here.FirstOrDefault(c => c.AveragedOver.Count > 0) ?? (settings.Length == 1 ? settings[0] : null),
        };
    }

    /// <summary>The groups of one arm at one place.</summary>
    public IEnumerable<GroupSection> Of(JsonObject place, string arm) =>
        Groups.Where(g => Same(AxisText.Of(g.Axes[Spec.Compare.Axis]), arm) && Matches(g.Axes, place));

    /// <summary>Distances of the mean curves from the truth level at step 0, one per setting; null where one is unknown.</summary>
    public double?[] Starts(JsonObject place, string arm) =>
    [
        .. Of(place, arm).Select(g => g.Curves.GetValueOrDefault(MetricCatalog.LogLikelihood)?.Mean is [{ } first, ..]
            && g.Metrics.GetValueOrDefault(MetricCatalog.LogLikelihood)?.TruthLevel is { } truthLevel ? Math.Abs(first - truthLevel) : (double?)null),
    ];

    /// <summary>Whether every setting of an arm is within the threshold of the truth level before the first reverse step.</summary>
    public bool StartsAtTruthLevel(JsonObject place, string arm) => Starts(place, arm) is { Length: > 0 } starts && starts.All(s => s <= Spec.ThresholdNats);

    /// <summary>
    /// How distances from the truth level at the end depend on the width, at one place; null unless the width is the one free axis of a grid and the headline
    /// is the log-likelihood.
    /// </summary>
    public WidthTrend? Trend(JsonObject place) => Spec.Search is null && FreeAxes is [{ Name: "width" } widths]
        && Same(Headline.Name, MetricCatalog.LogLikelihood)
        ? WidthTrend.Of(this, place, [.. widths.Values.OrderBy(v => AxisText.Number(v))])
        : null;

    public TrialCell? Cell(JsonObject place, string arm, JsonNode width) => Table.Cells.FirstOrDefault(c =>
        Matches(c.Axes, place) && Same(AxisText.Of(c.Axes[Spec.Compare.Axis]), arm) && JsonNode.DeepEquals(c.Axes["width"], width));

    public string Title(JsonObject place)
    {
        string[] named = [.. fixedAxes.Where(a => Same(a, "dataset") || Spec.Axes[Table.AxisIndex(a)].Values.Count > 1).Select(a => AxisText.Of(place[a]))];
        return named.Length > 0 ? string.Join(" with ", named) : "All";
    }

    /// <summary>An arm in a sentence: one called <c>none</c> would read as nobody.</summary>
    public static string Name(string arm) => Same(arm, "none") ? "“none”" : arm;

    public static bool Same(string a, string b) => string.Equals(a, b, StringComparison.Ordinal);

    private double Largest(string b, string? metric) => Comparisons
        .Where(c => Same(c.B, b) && metric is not null && Same(c.Metric, metric) && !Same(c.Verdict, "undecided"))
        .Select(c => Math.Abs(c.Difference.Mean ?? 0)).DefaultIfEmpty(0).Max();

    private static JsonObject Only(JsonObject axes, IEnumerable<string> names) => [.. names.Select(n => KeyValuePair.Create(n, axes[n]?.DeepClone()))];

    public static bool Matches(JsonObject axes, JsonObject place) => place.All(p => JsonNode.DeepEquals(p.Value, axes[p.Key]));
}

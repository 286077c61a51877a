using System.Collections.ObjectModel;
using Sweep.Client.Dashboard.Api;
using Sweep.Client.Report;
using Sweep.Client.Terminal;
using Sweep.Grains.Comparison;
using Sweep.Grains.Comparison.Report;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Client.Dashboard.Live;

/// <summary>
/// One sweep's report and the results it is built from. Above a number of completed trials, groups have no curves (a page requests those it shows), and only
/// the curves that the spec's metrics need are kept: about a kilobyte per trial. A report too large for a page omits groups and comparisons, which a page
/// requests as needed; it is written in full only while somebody asks for it. Built by one thread at a time.
/// </summary>
internal sealed class LiveReport(StoreView store, string sweepId)
{
    /// <summary>With more, a report has no curves: they would take hundreds of megabytes.</summary>
    public const int MaxWithCurves = 5000;

    /// <summary>With more there is no live report: the results would exceed a gigabyte.</summary>
    public const int MaxTrials = 500_000;

    /// <summary>A larger report would block a browser while it is parsed.</summary>
    public const int MaxWholeGroups = 200, MaxWholeBytes = 3 << 20;

    private const int Page = 500, MaxNamed = 5;

    /// <summary>How long a large report is written in full after the last request for it.</summary>
    private static readonly TimeSpan FullReportFor = TimeSpan.FromMinutes(5);

    private readonly SortedDictionary<int, CompletedTrial> _results = [];
    private readonly List<string[]> _names = [];
    private readonly HashSet<string> _devices = new(StringComparer.Ordinal);
    private bool _large;

    /// <summary>Whether trials are others once tuning has chosen.</summary>
    private bool _provisional;
    private readonly SampleScatters _scatters = new();
    private bool? _pictured;

    /// <summary>Identifies the data of the latest build; null forces another.</summary>
    public string? Stamp { get; set; }

    /// <summary>Time of the last request.</summary>
    public long Asked { get; set; }

    /// <summary>Time of the last request for the full report; null if there was none.</summary>
    public long? FullAsked { get; set; }

    public string SweepId => sweepId;

    /// <summary>Why the latest build failed, or what it omits; null if it is complete.</summary>
    public string? Trouble { get; set; }

    /// <summary>Consecutive failed builds.</summary>
    public int Failures { get; set; }

    public Task Work { get; set; } = Task.CompletedTask;

    /// <summary>The sweep's trials by ordinal; null before the first report.</summary>
    public TrialSpec[]? Trials { get; private set; }

    public ReadyReport? Ready { get; private set; }

    /// <summary>The results in the latest report, by ordinal; without curves if the sweep is large.</summary>
    public IReadOnlyList<KeyValuePair<int, CompletedTrial>> Results { get; private set; } = [];

    /// <summary>The completed trials of the latest build whose stored result can't be used, by ordinal.</summary>
    public IReadOnlySet<int> Damaged { get; private set; } = new HashSet<int>();

    /// <summary>Completes with the first build, successful or not.</summary>
    public TaskCompletionSource Built { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Done() => Built.TrySetResult();

    public async Task BuildAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        SweepSpec spec = await store.SpecAsync(sweepId, cancellationToken);
        IReadOnlyList<int> stored = await store.Statistics.CompletedOrdinalsAsync(sweepId, cancellationToken);
        if (stored.Count > MaxTrials)
            return;
        if (Trials is null || _provisional)
        {
            Trials = [.. TrialExpansion.All(spec)];
            _results.Clear();
        }

        _provisional = spec is { Tune: not null, Tuned: null };

        // Rows that aren't trials of the spec are omitted, and reported.
        int[] completed = [.. stored.Where(o => o >= 0 && o < Trials.Length)], foreign = [.. stored.Except(completed)];
        IReadOnlyCollection<string>? curves = null;
        if (completed.Length > MaxWithCurves)
        {
            curves = [.. NeededCurves(spec)];
            if (!_large)
                Forget(curves);
            _large = true;
        }

        // A completed trial can be queued again.
        HashSet<int> current = [.. completed];
        foreach (int gone in _results.Keys.Where(o => !current.Contains(o)).ToList())
            _results.Remove(gone);
        foreach (int[] page in completed.Where(o => !_results.ContainsKey(o)).Chunk(Page))
        {
            foreach ((int ordinal, TrialResult result) in await store.Statistics.ResultsAsync(sweepId, page, curves, cancellationToken))
                _results[ordinal] = new CompletedTrial(Trials[ordinal], Kept(result));
        }

        (Results, Damaged) = ([.. _results], current.Where(o => !_results.ContainsKey(o)).ToHashSet());
        ReportInput input = await ReportInput.ReadAsync(
            store.Reader, spec, [.. _results.Values], MachineDescription.Environment(), time.GetUtcNow(), cancellationToken);
        input = input.With([.. Damaged.Order().Select(o => new DamagedTrial(Trials[o], "it is not what was stored"))]);
        _pictured ??= Trials.DistinctBy(t => t.Dataset.Name, StringComparer.Ordinal).Any(SamplePictures.AreImages);
        if (_pictured == true)
            input = input with { Samples = SamplePictures.Read(id => TrialFiles.OpenSamples(store.RunOf(sweepId), id), input) };
        if (!_large && store.RunOf(sweepId) is not null)
            input = input with { Scatters = _scatters.Read(id => TrialFiles.OpenSamples(store.RunOf(sweepId), id), input) };
        ReportDocument document = ReportBuilder.Build(input);
        if (_large)
        {
            var none = new Dictionary<string, CurveSummary>(StringComparer.Ordinal);
            document = document with { Groups = [.. document.Groups.Select(g => g with { Curves = none })] };
        }

        Ready = Write(document, completed.Length, whole: FullAsked is { } asked && time.GetElapsedTime(asked) < FullReportFor);
        string[] troubles = [.. foreign.Length == 0 ? [] : (string[])[Omitted(foreign, Trials.Length)], .. Damaged.Count == 0 ? []
            : (string[])[Discard(input.Damaged)]];
        Trouble = troubles.Length == 0 ? null : string.Join("; ", troubles);
    }

    private static string Discard(IReadOnlyList<DamagedTrial> damaged)
    {
        string shown = string.Join(" ", damaged.Take(MaxNamed).Select(d => d.Trial.Id)) + (damaged.Count > MaxNamed ? " …" : "");
        return $"{damaged.Count} stored {(damaged.Count == 1 ? "result is" : "results are")} damaged and left out; discard with: sweep retry SWEEP "
            + $"--completed {shown}";
    }

    private static string Omitted(int[] ordinals, int trials)
    {
        string belong = ordinals.Length == 1 ? "result belongs to no trial of the spec and is" : "results belong to no trial of the spec and are";
        string shown = string.Join(", ", ordinals.Take(MaxNamed)) + (ordinals.Length > MaxNamed ? ", …" : "");
        return $"{ordinals.Length} stored {belong} left out: ordinals {shown}; allowed: 0 to {trials - 1}";
    }

    private ReadyReport Write(ReportDocument document, int completed, bool whole)
    {
        bool lacking = _pictured == true && document.Samples is not { Count: > 0 };
        bool brief = _large || document.Groups.Count > MaxWholeGroups;
        byte[]? all = whole || !brief ? ReportJson.Serialize(document) : null;
        if (!brief && all!.Length <= MaxWholeBytes)
        {
            Answer answer = AnswerCache.Pack(all);
            return new ReadyReport(answer, answer, completed, WithCurves: true, lacking, null);
        }

        var comparisons = new ComparisonBook(document.Comparisons);
        Answer page = AnswerCache.Pack(BriefReport.Of(document, comparisons));

        // One tag for both: it identifies the trials in the report.
        return new ReadyReport(page, all is null ? null : AnswerCache.Pack(all) with { Tag = page.Tag }, completed, WithCurves: !_large, lacking,
            comparisons);
    }

    /// <summary>Shares strings that trials have in common.</summary>
    private TrialResult Kept(TrialResult result)
    {
        if (!_devices.TryGetValue(result.Device, out string? device))
            _devices.Add(device = result.Device);
        return result with
        {
            Metrics = KeptMetrics.Of(result.Metrics, _names),
            Curves = result.Curves.Count > 0 ? result.Curves : ReadOnlyDictionary<string, float[]>.Empty,
            Device = device,
            Notes = result.Notes.Count > 0 ? result.Notes : [],
        };
    }

    /// <summary>The curves that the spec's metrics are read from.</summary>
    private static IEnumerable<string> NeededCurves(SweepSpec spec) => spec.NamedMetrics().SelectMany(MetricReader.Curves);

    /// <summary>The sweep has become large: drops curves.</summary>
    private void Forget(IReadOnlyCollection<string> but)
    {
        foreach ((int ordinal, CompletedTrial trial) in _results.ToList())
        {
            _results[ordinal] = trial with
            {
                Result = trial.Result with
                {
                    Curves = trial.Result.Curves.Where(c => but.Contains(c.Key)).ToDictionary(c => c.Key, c => c.Value, StringComparer.Ordinal),
                },
            };
        }
    }
}

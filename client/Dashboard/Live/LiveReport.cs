using System.Collections.ObjectModel;
using Sweep.Client.Dashboard.Api;
using Sweep.Client.Report;
using Sweep.Client.Running;
using Sweep.Grains.Comparison;
using Sweep.Grains.Comparison.Report;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Client.Dashboard.Live;

/// <summary>
/// One sweep's report and the results it is made from. From so many completed trials on, a report's groups have no curves (a page asks for those it shows), and none are kept but those that a metric of the spec is
/// read from: about a kilobyte per trial stays. A report that is too large for a page comes without its groups and comparisons, of which a page asks for those it shows; the whole of it is written only
/// while somebody asks for that. Built by one thread at a time.
/// </summary>
internal sealed class LiveReport(StoreView store, string sweepId)
{
    /// <summary>Above it a report has no curves: with them it would be hundreds of megabytes, which no page could show.</summary>
    public const int MostWithCurves = 5000;

    /// <summary>Above it there is no live report: the results would not fit a gigabyte.</summary>
    public const int MostTrials = 500_000;

    /// <summary>A larger report is more than a browser reads without standing still.</summary>
    public const int MostWholeGroups = 200, MostWholeBytes = 3 << 20;

    private const int Page = 500, MaxNamed = 5;

    /// <summary>So long after somebody asked for the whole of a large report, it goes on being written.</summary>
    private static readonly TimeSpan WholeFor = TimeSpan.FromMinutes(5);

    private readonly SortedDictionary<int, CompletedTrial> _results = [];
    private readonly List<string[]> _names = [];
    private readonly HashSet<string> _devices = new(StringComparer.Ordinal);
    private bool _large;
    private bool? _pictured;

    /// <summary>What the latest one is made from; null to make it again.</summary>
    public string? Stamp { get; set; }

    /// <summary>When somebody wanted it.</summary>
    public long Asked { get; set; }

    /// <summary>When somebody wanted the whole of it; null for never.</summary>
    public long? WholeAsked { get; set; }

    public string SweepId => sweepId;

    /// <summary>Why the latest build failed, or what it omits; null if it is complete.</summary>
    public string? Trouble { get; set; }

    /// <summary>Consecutive failed builds.</summary>
    public int Failures { get; set; }

    public Task Work { get; set; } = Task.CompletedTask;

    /// <summary>The sweep's trials by ordinal; null before the first report.</summary>
    public TrialSpec[]? Trials { get; private set; }

    public ReadyReport? Ready { get; private set; }

    /// <summary>The results that the latest one is made from, by ordinal; without their curves, if the sweep is large.</summary>
    public IReadOnlyList<KeyValuePair<int, CompletedTrial>> Results { get; private set; } = [];

    /// <summary>Ends with the first one, made or not.</summary>
    public TaskCompletionSource Built { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Done() => Built.TrySetResult();

    public async Task BuildAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        SweepSpec spec = await store.SpecAsync(sweepId, cancellationToken);
        IReadOnlyList<int> stored = await store.Statistics.CompletedOrdinalsAsync(sweepId, cancellationToken);
        if (stored.Count > MostTrials)
            return;
        Trials ??= [.. TrialExpansion.Expand(spec)];

        // Rows that aren't trials of the spec are omitted, and reported.
        int[] completed = [.. stored.Where(o => o >= 0 && o < Trials.Length)], foreign = [.. stored.Except(completed)];
        IReadOnlyCollection<string>? curves = null;
        if (completed.Length > MostWithCurves)
        {
            curves = [.. NeededCurves(spec)];
            if (!_large)
                Forget(curves);
            _large = true;
        }

        foreach (int[] page in completed.Where(o => !_results.ContainsKey(o)).Chunk(Page))
        {
            foreach ((int ordinal, TrialResult result) in await store.Statistics.ResultsAsync(sweepId, page, curves, cancellationToken))
                _results[ordinal] = new CompletedTrial(Trials[ordinal], Kept(result));
        }

        Results = [.. _results];
        ReportInput input = await ReportInput.ReadAsync(
            store.Reader, spec, [.. _results.Values], MachineDescription.Environment(), time.GetUtcNow(), cancellationToken);
        _pictured ??= Trials.DistinctBy(t => t.Dataset.Name, StringComparer.Ordinal).Any(SamplePictures.AreImages);
        if (_pictured == true)
            input = input with { Samples = SamplePictures.Read(id => TrialFiles.OpenSamples(store.Run, id), input) };
        ReportDocument document = ReportBuilder.Build(input);
        if (_large)
            document = document with { Groups = [.. document.Groups.Select(g => g with { Curves = new Dictionary<string, CurveSummary>(StringComparer.Ordinal) })] };
        Ready = Write(document, whole: WholeAsked is { } asked && time.GetElapsedTime(asked) < WholeFor);
        Trouble = foreign.Length == 0 ? null
            : $"{foreign.Length} stored {(foreign.Length == 1 ? "result belongs" : "results belong")} to no trial of the spec and {(foreign.Length == 1 ? "is" : "are")} left out: ordinals {string.Join(", ", foreign.Take(MaxNamed))}"
                + $"{(foreign.Length > MaxNamed ? ", …" : "")}; allowed: 0 to {Trials.Length - 1}";
    }

    private ReadyReport Write(ReportDocument document, bool whole)
    {
        bool lacking = _pictured == true && document.Samples is not { Count: > 0 };
        bool brief = _large || document.Groups.Count > MostWholeGroups;
        byte[]? all = whole || !brief ? ReportJson.Serialize(document) : null;
        if (!brief && all!.Length <= MostWholeBytes)
        {
            Answer answer = AnswerCache.Pack(all);
            return new ReadyReport(answer, answer, _results.Count, WithCurves: true, lacking, null);
        }

        var comparisons = new ComparisonBook(document.Comparisons);
        Answer page = AnswerCache.Pack(BriefReport.Of(document, comparisons));

        // One tag for both: it says which trials a report is made of.
        return new ReadyReport(page, all is null ? null : AnswerCache.Pack(all) with { Tag = page.Tag }, _results.Count, WithCurves: !_large, lacking, comparisons);
    }

    /// <summary>The same, with what trials have in common kept once.</summary>
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

    /// <summary>What the spec's metrics are read from.</summary>
    private static IEnumerable<string> NeededCurves(SweepSpec spec) => spec.NamedMetrics().SelectMany(MetricReader.Curves);

    /// <summary>The sweep has grown large: curves that were kept go.</summary>
    private void Forget(IReadOnlyCollection<string> but)
    {
        foreach ((int ordinal, CompletedTrial trial) in _results.ToList())
        {
            _results[ordinal] = trial with
            {
                Result = trial.Result with { Curves = trial.Result.Curves.Where(c => but.Contains(c.Key)).ToDictionary(c => c.Key, c => c.Value, StringComparer.Ordinal) },
            };
        }
    }
}

using Sweep.Client.Dashboard.Api;
using Sweep.Client.Running;
using Sweep.Grains.Comparison.Report;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Client.Dashboard.Live;

/// <summary>One sweep's report and the results it is made from. Built by one thread at a time.</summary>
internal sealed class LiveReport(StoreView store, string sweepId)
{
    private const int Page = 250;

    private readonly SortedDictionary<int, CompletedTrial> _results = [];

    /// <summary>What the latest one is made from; null to make it again.</summary>
    public string? Stamp { get; set; }

    /// <summary>When somebody wanted it.</summary>
    public long Asked { get; set; }

    public Task Work { get; set; } = Task.CompletedTask;

    public ReadyReport? Ready { get; private set; }

    /// <summary>Ends with the first one, made or not.</summary>
    public TaskCompletionSource Built { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Done() => Built.TrySetResult();

    public async Task BuildAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        SweepSpec spec = await store.SpecAsync(sweepId, cancellationToken);
        IReadOnlyList<int> completed = await store.Statistics.CompletedOrdinalsAsync(sweepId, cancellationToken);
        foreach (int[] page in completed.Where(o => !_results.ContainsKey(o)).Chunk(Page))
        {
            IReadOnlyList<CompletedTrial> trials = await store.Statistics.ResultsAsync(sweepId, page, cancellationToken);

            // A completed trial stays completed, so that each ordinal asked for has its trial.
            foreach ((int ordinal, CompletedTrial trial) in page.Zip(trials))
                _results[ordinal] = trial;
        }

        ReportInput input = await ReportInput.ReadAsync(
            store.Reader, spec, [.. _results.Values], MachineDescription.Environment(), time.GetUtcNow(), cancellationToken);
        ReportDocument document = ReportBuilder.Build(input);
        Ready = new ReadyReport(AnswerCache.Pack(ReportJson.Serialize(document)), _results.Count);
    }
}

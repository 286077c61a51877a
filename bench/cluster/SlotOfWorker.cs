using System.Diagnostics;
using Sweep.Grains.Coordination;

namespace Sweep.Bench.Cluster;

/// <summary>A slot of a silo: one trial after the other.</summary>
internal sealed class SlotOfWorker(ICoordinator coordinator, string silo, Lease? held, bool separate)
{
    private static readonly TrialResult Result = Samples.Result();
    private readonly LeaseRequest _next = new(silo, 1);

    /// <summary>In the latest run, as the others.</summary>
    public int Completed { get; private set; }

    public int Stale { get; private set; }

    public int Errors { get; private set; }

    public List<double> CallMs { get; } = [];

    /// <summary>Completes so many, or until there is nothing left.</summary>
    public async Task RunAsync(int most)
    {
        (Completed, Stale, Errors) = (0, 0, 0);
        CallMs.Clear();
        while (held is not null && Completed < most)
        {
            try
            {
                long start = Stopwatch.GetTimestamp();
                CompletedAndLeased both = separate
                    ? new([await coordinator.CompleteAsync(held, Result, CancellationToken.None)], await coordinator.LeaseAsync(_next, CancellationToken.None))
                    : await coordinator.CompleteAndLeaseAsync([new FinishedTrial(held, Result)], _next, CancellationToken.None);
                CallMs.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                Completed += both.Answers[0] == ReportAnswer.Accepted ? 1 : 0;
                Stale += both.Answers[0] == ReportAnswer.Stale ? 1 : 0;
                held = both.Leases.Count > 0 ? both.Leases[0] : null;
            }
            catch (StoreException e)
            {
                await Console.Error.WriteLineAsync(e.Message);
                if (++Errors > 100)
                    throw;
            }
        }
    }
}

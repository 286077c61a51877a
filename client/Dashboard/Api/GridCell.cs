using Sweep.Grains.Comparison;
using Sweep.Grains.Coordination;

namespace Sweep.Client.Dashboard.Api;

/// <summary>A group on the grid: the trials that differ only in seed.</summary>
internal sealed class GridCell
{
    public required Dictionary<string, string> Key { get; init; }

    public int Total { get; private set; }

    public int Queued { get; private set; }

    public int Running { get; private set; }

    public int Completed { get; private set; }

    public int Failed { get; private set; }

    public int Cancelled { get; private set; }

    public int Held { get; private set; }

    public int Pruned { get; private set; }

    /// <summary>Means over completed trials with a value.</summary>
    public Dictionary<string, double> Metrics { get; } = new(StringComparer.Ordinal);

    /// <summary>Takes the means over these trials alone.</summary>
    public void Replace(IReadOnlyList<string> metrics, IReadOnlyList<CompletedTrial> trials)
    {
        foreach (string metric in metrics)
        {
            double[] values = [.. trials.Select(t => MetricReader.Read(t.Trial, t.Result, metric).Value).OfType<double>()];
            if (values.Length > 0)
                Metrics[metric] = values.Average();
            else
                Metrics.Remove(metric);
        }
    }

    public void Add(TrialStatus state, int count)
    {
        Total += count;
        switch (state)
        {
            case TrialStatus.Queued:
                Queued += count;
                break;
            case TrialStatus.Running:
                Running += count;
                break;
            case TrialStatus.Completed:
                Completed += count;
                break;
            case TrialStatus.Failed:
                Failed += count;
                break;
            case TrialStatus.Cancelled:
                Cancelled += count;
                break;
            case TrialStatus.Held:
                Held += count;
                break;
            case TrialStatus.Pruned:
                Pruned += count;
                break;
        }
    }
}

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

    /// <summary>Means over completed trials with a value.</summary>
    public Dictionary<string, double> Metrics { get; } = new(StringComparer.Ordinal);

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
        }
    }
}

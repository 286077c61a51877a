namespace Sweep.Silo.Telemetry.Prometheus;

/// <summary>One set of labels of a family: a value, or a histogram. Its family's lock guards it.</summary>
/// <param name="labels">As they are written between the braces, in both formats; empty for none.</param>
/// <param name="buckets">How many finite upper boundaries a histogram has; 0 for a value.</param>
internal sealed class PrometheusSeries(string labels, int buckets)
{
    public string Labels { get; } = labels;

    /// <summary>A counter's or gauge's value, a histogram's sum.</summary>
    public double Value { get; set; }

    public long Count { get; set; }

    /// <summary>Values by bucket, not cumulated; the last is above every boundary.</summary>
    public long[] Buckets { get; } = new long[buckets + 1];
}

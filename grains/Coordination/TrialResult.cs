using Sweep.Grains.Specs;

namespace Sweep.Grains.Coordination;

/// <summary>What a completed trial leaves in the store. Everything but the timings is a pure function of the trial's spec.</summary>
public sealed record TrialResult
{
    /// <summary>By snake_case name; <c>train_seconds</c> and <c>sample_seconds</c> are wall-clock and vary from run to run.</summary>
    public required IReadOnlyDictionary<string, MetricValue> Metrics { get; init; }

    /// <summary>
    /// By name: <c>log_likelihood</c>, <c>log_likelihood_x0</c> (nats, index = reverse step, 0 the initial noise), <c>training_loss</c> (mean
    /// over equal windows of training steps), and those of diagnostics; where their points lie is <see cref="CurveAxis"/>'s to say. NaN and infinities are
    /// stored as they are and become null in JSON.
    /// </summary>
    public required IReadOnlyDictionary<string, float[]> Curves { get; init; }

    /// <summary>The device it ran on: <c>cpu</c>, <c>cuda:0 (name)</c>.</summary>
    public required string Device { get; init; }

    /// <summary>Things a reader should know: <c>FastICA did not converge</c>, <c>the file has only 3,000 test points</c>.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

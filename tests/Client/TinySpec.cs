namespace Sweep.Tests.Client;

/// <summary>A spec of 8 trials that takes seconds, and one whose trials are long enough to be interrupted.</summary>
internal static class TinySpec
{
    public const string Quick = """
        sweep: tiny
        seeds: 2
        axes:
          dataset: [{kind: gmm-ring, name: ring8}]
          preprocessing: [standardize, gaussianize]
          schedule: vp-linear
          width: [8, 16]
        network: {hidden_layers: 1}
        training: {steps: 200, batch: 64, points: 500, learning_rate: 1e-2}
        sampling: {steps: 25, samples: 256}
        """;

    /// <summary>40 trials: many are left when the first are done, however late a busy machine notices.</summary>
    public static string Longer => Quick
        .Replace("seeds: 2", "seeds: 10", StringComparison.Ordinal)
        .Replace("steps: 200", "steps: 15000", StringComparison.Ordinal);
}

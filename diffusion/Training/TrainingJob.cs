using Sweep.Diffusion.Networks;

namespace Sweep.Diffusion.Training;

/// <summary>One network to train.</summary>
public sealed record TrainingJob
{
    public required NetworkShape Shape { get; init; }

    /// <summary>The network, for trainers with kernels of their own.</summary>
    /// <exception cref="TrainingDesignException">It is none of theirs.</exception>
    internal MlpShape Mlp => Shape is MlpShape { IsFused: true } mlp
        ? mlp
        : throw new TrainingDesignException(
            $"network: {Shape.Kind} of width {Shape.Width}; allowed on this device: {NetworkKinds.Mlp} up to width {MlpShape.FusedWidth}");

    public required TrainingSettings Settings { get; init; }

    public required TrainingDesign Design { get; init; }

    /// <summary>The training points after preprocessing: row-major (n, d), finite. Not changed; not to be changed while training.</summary>
    public required float[] Data { get; init; }

    /// <summary>The trial's seed: it decides the initial weights, batches and noise.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Where to go on from: what <see cref="ITrainingObserver.OnCheckpoint"/> was given by a run of the same job; null to begin.</summary>
    public byte[]? Checkpoint { get; init; }

    /// <summary>
    /// Steps after which the observer is handed the weights (<see cref="ITrainingObserver.OnSnapshot"/>), ascending; 0 is before the first step. They change
    /// nothing else. A run that goes on from a checkpoint hands out those of the steps that it still takes.
    /// </summary>
    public IReadOnlyList<int> SnapshotSteps { get; init; } = [];

    /// <summary>Rows of <see cref="Data"/>.</summary>
    public int Points => Data.Length / Shape.Dimensions;

    /// <summary>sigma_data, as <see cref="TrainingDesign.Scale"/> has it.</summary>
    public double SigmaData => Design.Scale is DataScale.RootMeanSquare ? Math.Sqrt(Data.Sum(x => (double)x * x) / Data.Length) : StandardDeviation();

    /// <summary>Of every coordinate about its mean, root mean square over coordinates.</summary>
    private double StandardDeviation()
    {
        int d = Shape.Dimensions;
        double[] means = new double[d];
        for (int i = 0; i < Data.Length; i++)
            means[i % d] += (double)Data[i] / Points;
        double squares = 0;
        for (int i = 0; i < Data.Length; i++)
            squares += (Data[i] - means[i % d]) * (Data[i] - means[i % d]);
        return Math.Sqrt(squares / Data.Length);
    }

    /// <exception cref="TrainingDesignException">The data are empty, ragged or not finite, or snapshots are not ascending steps of the run.</exception>
    public void Validate()
    {
        if (Data.Length == 0 || Data.Length % Shape.Dimensions != 0)
            throw new TrainingDesignException($"training data: {Data.Length} values; allowed: one or more rows of {Shape.Dimensions}");
        int bad = Array.FindIndex(Data, x => !float.IsFinite(x));
        if (bad >= 0)
            throw new TrainingDesignException(
                $"training data, row {bad / Shape.Dimensions}, column {bad % Shape.Dimensions}: {Data[bad]}; allowed: finite numbers");
        for (int i = 0; i < SnapshotSteps.Count; i++)
        {
            int least = i == 0 ? 0 : SnapshotSteps[i - 1] + 1;
            if (SnapshotSteps[i] < least || SnapshotSteps[i] > Settings.Steps)
                throw new TrainingDesignException($"snapshot after step {SnapshotSteps[i]}; allowed: ascending, from {least} to {Settings.Steps}");
        }
    }
}

using Sweep.Diffusion.Networks;

namespace Sweep.Diffusion.Training.Cuda;

/// <summary>A job in a <see cref="PackedRun"/>: what the host knows of it. Touched by the thread that drives the run alone.</summary>
internal sealed class PackedJob(TrainingJob job, ITrainingObserver observer, int index, double sigmaData, CancellationToken cancellation)
{
    public TrainingJob Job { get; } = job;

    public ITrainingObserver Observer { get; } = observer;

    /// <summary>The name that the observer knows it by.</summary>
    public int Index { get; } = index;

    public double SigmaData { get; } = sigmaData;

    public CancellationToken Cancellation { get; } = cancellation;

    /// <summary>A network, divergence, or null: still going on, cancelled or failed.</summary>
    public TrainingOutcome? Outcome { get; set; }

    /// <summary>What its observer or the device threw.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Ended by its token; its observer was asked first whether it wants a checkpoint.</summary>
    public bool Cancelled { get; set; }

    public bool Ended => Outcome is not null || Failure is not null || Cancelled;

    /// <summary>The state that it begins from; let go of once it is on the device.</summary>
    public TrainingCheckpoint? Start { get; set; }

    /// <summary>The tables of its design; let go of likewise.</summary>
    public NoiseTable? Table { get; set; }

    public List<LossPoint> Losses { get; } = [];

    /// <summary>Which of the job's snapshots comes next.</summary>
    public int NextSnapshot { get; set; }

    public PackedTrial Trial;

    /// <summary>Whether its packing thread has handed it to a run.</summary>
    public bool Entered { get; set; }

    /// <summary>Its memory on the device; 0 while it waits for some.</summary>
    public nuint Memory { get; set; }

    public int Windows => LossWindow.Count(Job.Settings.Steps);

    /// <summary>Steps after which the next launch must stop for it.</summary>
    public int Until(int mostSteps)
    {
        int until = Math.Min(Job.Settings.Steps, Trial.Step + Math.Min(mostSteps, Job.Settings.Steps - Trial.Step));
        return NextSnapshot < Job.SnapshotSteps.Count ? Math.Min(until, Job.SnapshotSteps[NextSnapshot]) : until;
    }
}

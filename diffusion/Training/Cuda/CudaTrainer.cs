namespace Sweep.Diffusion.Training.Cuda;

/// <summary>
/// The packed trainer: a whole batch of jobs at once, one block of the GPU's threads each. Sums run in another order than on the CPU, so its networks differ
/// from the CPU's by what rounding makes of that; on one kind of device they are the same bit for bit, whatever else is in the batch. Between launches of up to
/// 0.2 s it speaks to the observers.
/// </summary>
public sealed class CudaTrainer : ITrainer
{
    private readonly IPackedBackend _backend;
    private readonly PackedOptions _options;
    private readonly TimeProvider _time;

    internal CudaTrainer(IPackedBackend backend, PackedOptions options, TimeProvider time)
    {
        _backend = backend;
        _options = options;
        _time = time;
    }

    /// <inheritdoc/>
    /// <exception cref="DeviceMemoryException">Not even one job fits into the device's memory.</exception>
    /// <exception cref="CudaException">The device failed.</exception>
    public IReadOnlyList<TrainingOutcome> Train(IReadOnlyList<TrainingJob> jobs, ITrainingObserver observer, CancellationToken cancellation)
    {
        if (jobs.Count == 0)
            return [];
        foreach (var job in jobs)
        {
            job.Validate();
            if (job.Shape != jobs[0].Shape)
                throw new TrainingDesignException($"a batch of jobs: shapes {jobs[0].Shape} and {job.Shape}; allowed: one shape");
        }

        PackedJob[] prepared = [.. jobs.Select((job, i) => PackedRun.Prepare(job, observer, i, cancellation))];
        using var run = new PackedRun(_backend, jobs[0].Mlp, _options, _time);
        foreach (var job in prepared)
            run.Add(job);
        bool more = true;
        while (more)
        {
            more = run.Advance();
            if (Array.Find(prepared, j => j.Failure is not null) is { Failure: { } failure })
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        }

        if (Array.Exists(prepared, j => j.Cancelled))
            throw new OperationCanceledException(cancellation);
        return [.. prepared.Select(j => j.Outcome!)];
    }
}

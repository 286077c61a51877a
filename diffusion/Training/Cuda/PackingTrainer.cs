using Sweep.Diffusion.Networks;

namespace Sweep.Diffusion.Training.Cuda;

/// <summary>
/// Packs what many threads want trained: each calls <see cref="Train"/> with its own job and waits, while one thread per shape of network trains all of that
/// shape together, jobs joining and leaving between launches. Observers are called on the thread that called, but for <see
/// cref="ITrainingObserver.WantsCheckpoint"/>, which is asked on the packing one. When the device's memory runs out, jobs wait for others to end.
/// </summary>
public sealed class PackingTrainer : ITrainer, IDeviceEvaluator, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1), MemoryPause = TimeSpan.FromMilliseconds(100);

    private readonly IPackedBackend _backend;
    private readonly PackedOptions _options;
    private readonly TimeProvider _time;
    private readonly object _lock = new();
    private readonly Dictionary<MlpShape, Lane> _lanes = [];

    /// <summary>Lanes' threads that have not ended. One that leaves is no lane any more, and still has memory to give back.</summary>
    private readonly HashSet<Thread> _threads = [];

    /// <summary>The lane that tries once more while all others wait: what it finds then is what the device has.</summary>
    private Lane? _alone;

    private bool _disposed;

    internal PackingTrainer(IPackedBackend backend, PackedOptions options, TimeProvider time)
    {
        _backend = backend;
        _options = options;
        _time = time;
    }

    /// <summary>For display: <c>cuda:0 (NVIDIA H200)</c>, <c>cuda:0 (NVIDIA H200), tf32</c>.</summary>
    public string Device => _options.Precision == TrainingPrecision.Fp32 ? _backend.Device : $"{_backend.Device}, tf32";

    /// <summary>Opens a device.</summary>
    /// <exception cref="CudaException">It can't be used.</exception>
    public static PackingTrainer Open(CudaDevice device, TrainingPrecision precision, TimeProvider time) =>
        new(new CudaBackend(device), new PackedOptions { Precision = precision }, time);

    /// <summary>How many jobs of a shape the device's free memory holds, tables that none shares included; at most what one launch takes.</summary>
    /// <param name="shape">Of the networks.</param>
    /// <param name="points">Training points of each.</param>
    /// <param name="steps">Of each.</param>
    public int Capacity(MlpShape shape, int points, int steps)
    {
        // Points, noise levels and rates beside the state; a tenth stays free for the driver and for what memory comes in pieces.
        var variant = _options.Choose([.. KernelVariant.For(shape, _backend.SharedBytes, _options.Precision)]);
        var plan = KernelPlan.For(shape, variant);
        long floats = plan.TrialFloats(variant, LossWindow.MaxPoints) + ((long)points * shape.Dimensions)
            + ((long)NoiseTable.Rows * (NoiseTable.CoefficientStride + plan.FeatureStride)) + (2L * steps);
        return (int)Math.Clamp(_backend.FreeBytes / 10 * 9 / (sizeof(float) * floats), 1, _options.MaxTrials);
    }

    /// <inheritdoc/>
    public IDeviceDenoiser CreateDenoiser(TrainedNetwork network) => new PackedDenoiser(_backend, Patiently, network);

    /// <inheritdoc/>
    public IDeviceDensity? CreateDensity(Datasets.IDensity density) => PackedDensity.Create(_backend, Patiently, density);

    /// <inheritdoc/>
    public double? DistanceSum(ReadOnlySpan<double> a, ReadOnlySpan<double> b, int dimensions) => PackedPairs.Sum(_backend, Patiently, a, b, dimensions);

    /// <inheritdoc/>
    /// <exception cref="DeviceMemoryException">Alone on the device, a job doesn't fit into its memory.</exception>
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

        // Ended by the caller, or by what an observer throws.
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var mail = new JobMail(observer, jobs.Count, end.Token);
        PackedJob[] packed = [.. jobs.Select((job, i) => PackedRun.Prepare(job, mail, i, end.Token))];
        Enqueue(packed, mail);
        Exception? thrown = mail.Deliver(end);
        if (thrown is not null)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(thrown);
        if (Array.Find(packed, j => j.Failure is not null) is { Failure: { } failure })
            throw failure is DeviceMemoryException ? new DeviceMemoryException(failure.Message, failure) : new CudaException(failure.Message, failure);
        if (Array.Exists(packed, j => j.Cancelled))
            throw new OperationCanceledException(cancellation);
        return [.. packed.Select(j => j.Outcome!)];
    }

    /// <summary>Closes the device. No call may be under way.</summary>
    public void Dispose()
    {
        Thread[] threads;
        lock (_lock)
        {
            _disposed = true;
            threads = [.. _threads];
            Monitor.PulseAll(_lock);
        }

        foreach (var thread in threads)
            thread.Join();
        _backend.Dispose();
    }

    private void Enqueue(PackedJob[] jobs, JobMail mail)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var shape = jobs[0].Job.Mlp;
            if (!_lanes.TryGetValue(shape, out var lane))
            {
                lane = new Lane();
                _lanes[shape] = lane;
                var thread = new Thread(() => Run(shape)) { IsBackground = true, Name = $"packed training, width {shape.Width}" };
                _threads.Add(thread);
                thread.Start();
            }

            lane.Incoming.AddRange(jobs.Select(j => (j, mail)));
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>A lane's thread: trains what comes until nothing has come for a while.</summary>
    private void Run(MlpShape shape)
    {
        List<(PackedJob Job, JobMail Mail)> jobs = [];
        PackedRun? run = null;
        try
        {
            while (Receive(shape, jobs))
            {
                try
                {
                    run ??= new PackedRun(_backend, shape, _options, _time);
                    foreach (var (job, _) in jobs.Where(j => !j.Job.Entered))
                    {
                        job.Entered = true;
                        run.Add(job);
                    }

                    run.Advance();
                    GoesOn(shape);
                }
                catch (DeviceMemoryException) when (WaitForOthers(shape))
                {
                    // Other lanes hold the memory that this one wants, and will give it back.
                }
                catch (Exception e)
                {
                    // Out of memory with the device to itself, or a broken device: an exception on this thread would end the process.
                    GoesOn(shape);
                    foreach (var (job, _) in jobs.Where(j => !j.Job.Ended))
                        job.Failure = e;
                    Close(run);
                    run = null;
                }

                foreach (var (_, mail) in jobs.Where(j => j.Job.Ended))
                    mail.Ended();
                jobs.RemoveAll(j => j.Job.Ended);
            }
        }
        finally
        {
            Close(run);
            lock (_lock)
            {
                _threads.Remove(Thread.CurrentThread);
                Monitor.PulseAll(_lock);
            }
        }
    }

    /// <summary>Takes in what has come. False when there is nothing to do, for good: then the lane is closed, and a new one opens for the next job.</summary>
    private bool Receive(MlpShape shape, List<(PackedJob Job, JobMail Mail)> jobs)
    {
        lock (_lock)
        {
            var lane = _lanes[shape];
            if (jobs.Count == 0 && lane.Incoming.Count == 0 && !_disposed)
            {
                lane.Idle = true;
                Monitor.Wait(_lock, Patience);
                lane.Idle = false;
            }

            if (jobs.Count == 0 && lane.Incoming.Count == 0)
            {
                // What woke it may have been another lane's job, or one that wants memory: leaving is cheap.
                _lanes.Remove(shape);
                return false;
            }

            jobs.AddRange(lane.Incoming);
            lane.Incoming.Clear();
            return true;
        }
    }

    /// <summary>
    /// True after a pause when another lane is at work or leaving, which will give memory back; then the lane is to try again. So it is, at once, where all
    /// others wait for memory themselves: what was missing, another may have taken and given back since. They wait until it has tried. False when it has tried
    /// so, in vain.
    /// </summary>
    private bool WaitForOthers(MlpShape shape)
    {
        lock (_lock)
        {
            var lane = _lanes[shape];
            bool others = _threads.Count > _lanes.Count || _lanes.Values.Any(l => l != lane && !l.Stuck);
            bool vain = _alone == lane && !others;
            lane.Stuck = true;
            if (_alone == lane)
                _alone = null;
            else if (!others)
                _alone ??= lane;
            if (!vain && _alone != lane)
                WaitForMemory(lane);
            return !vain;
        }
    }

    /// <summary>The lane waits for no memory any more.</summary>
    private void GoesOn(MlpShape shape)
    {
        lock (_lock)
        {
            var lane = _lanes[shape];
            lane.Stuck = false;
            if (_alone != lane)
                return;
            _alone = null;
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>Waits, with the lock, for lanes to give memory back; those that have nothing to do leave at once.</summary>
    /// <param name="lane">Who waits; null where it is none.</param>
    private void WaitForMemory(Lane? lane)
    {
        if (_lanes.Values.Any(l => l.Idle))
            Monitor.PulseAll(_lock);
        do
            Monitor.Wait(_lock, MemoryPause);
        while (_alone is not null && _alone != lane);
    }

    /// <summary>Memory beside training: waits while lanes may give some back.</summary>
    private nuint Patiently(long bytes)
    {
        while (true)
        {
            try
            {
                return _backend.Allocate(bytes);
            }
            catch (DeviceMemoryException)
            {
                lock (_lock)
                {
                    if (_threads.Count == 0)
                        throw;
                    WaitForMemory(null);
                }
            }
        }
    }

    private static void Close(PackedRun? run)
    {
        try
        {
            run?.Dispose();
        }
        catch (Exception e) when (e is CudaException or DeviceMemoryException)
        {
            // After a failed kernel the driver refuses everything; the memory goes with the process.
        }
    }

    private sealed class Lane
    {
        public List<(PackedJob Job, JobMail Mail)> Incoming { get; } = [];

        /// <summary>Has found too little memory, and since then neither trained nor given up.</summary>
        public bool Stuck { get; set; }

        /// <summary>Waits for jobs, and may hold memory meanwhile.</summary>
        public bool Idle { get; set; }
    }
}

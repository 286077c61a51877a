using System.Runtime.InteropServices;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Networks.Kernels;

namespace Sweep.Diffusion.Training.Cuda;

/// <summary>
/// Trains jobs of one shape together: one block of threads each, a launch after the other. Jobs may join between launches; each ends by itself, and none
/// disturbs another. Driven by one thread.
/// </summary>
internal sealed class PackedRun : IDisposable
{
    private const int FirstCapacity = 64;

    private readonly IPackedBackend _backend;
    private readonly MlpShape _shape;
    private readonly PackedOptions _options;
    private readonly TimeProvider _time;
    private readonly KernelVariant _variant;
    private readonly KernelPlan _plan;
    private readonly DeviceTables _tables;
    private readonly List<PackedJob> _waiting = [], _active = [];
    private readonly Stack<nuint> _spare = new();
    private readonly nuint _stop;
    private nuint _trials;
    private int _trialCapacity, _capacity, _steps;

    public PackedRun(IPackedBackend backend, MlpShape shape, PackedOptions options, TimeProvider time)
    {
        _backend = backend;
        _shape = shape;
        _options = options;
        _time = time;
        KernelVariant[] fitting = [.. KernelVariant.For(shape, backend.SharedBytes, options.Precision)];
        _variant = options.Choose(fitting);
        _plan = KernelPlan.For(shape, _variant);
        _tables = new DeviceTables(backend);
        _capacity = options.MaxTrials;
        _steps = options.FirstSteps;
        _trialCapacity = FirstCapacity;
        _trials = backend.Allocate(BytesOf(_trialCapacity));
        try
        {
            _stop = backend.Allocate(sizeof(int));
        }
        catch (DeviceMemoryException)
        {
            backend.Free(_trials);
            throw;
        }
    }

    /// <summary>Jobs that have not ended.</summary>
    public int Unfinished => _waiting.Count + _active.Count;

    /// <summary>Jobs of the last launch.</summary>
    public int Active => _active.Count;

    /// <summary>Bytes of device memory per job, without the tables that jobs may share.</summary>
    public long BytesPerJob => (long)sizeof(float) * _plan.TrialFloats(_variant, LossWindow.MaxPoints);

    /// <summary>Checks a job and makes what it begins with: pure host work, on any thread.</summary>
    /// <exception cref="TrainingDesignException">The job makes no sense.</exception>
    public static PackedJob Prepare(TrainingJob job, ITrainingObserver observer, int index, CancellationToken cancellation)
    {
        job.Validate();
        double sigmaData = job.SigmaData;
        var prepared = new PackedJob(job, observer, index, sigmaData, cancellation) { Table = new NoiseTable(job.Design, sigmaData, job.Shape.TimeFeatures) };
        int count = job.Shape.ParameterCount;
        prepared.Start = job.Checkpoint is { } bytes
            ? TrainingCheckpoint.FromBytes(bytes, job.Shape, job.Settings.Steps)
            : new TrainingCheckpoint(0, 0, InitialWeights.Draw(job.Mlp, job.Seed, cancellation), new float[count], new float[count], []);
        prepared.Losses.AddRange(prepared.Start.Losses);
        while (prepared.NextSnapshot < job.SnapshotSteps.Count && prepared.Start.Step > 0 && job.SnapshotSteps[prepared.NextSnapshot] <= prepared.Start.Step)
            prepared.NextSnapshot++;
        return prepared;
    }

    /// <summary>Takes in a prepared job; it starts with the next launch that has room.</summary>
    public void Add(PackedJob job) => _waiting.Add(job);

    /// <summary>
    /// One launch, and what came of it to the observers. False when every job has ended. A device's failure is thrown; what a job's observer throws ends that
    /// job.
    /// </summary>
    /// <exception cref="DeviceMemoryException">Not even one job fits.</exception>
    public bool Advance()
    {
        Span<int> zero = [0];
        _backend.Upload(_stop, MemoryMarshal.AsBytes(zero));

        // A token that is cancelled from here on raises the flag while the kernel runs.
        foreach (var job in _active.Concat(_waiting).Where(j => j.Cancellation.IsCancellationRequested).ToArray())
            Cancel(job);
        Admit();
        _active.RemoveAll(Retire);
        if (_active.Count == 0)
            return _waiting.Count > 0;
        Launch();
        foreach (var job in _active)
            Guarded(job, () => Follow(job));
        _active.RemoveAll(Retire);
        return Unfinished > 0;
    }

    public void Dispose()
    {
        foreach (var job in _active)
            _spare.Push(job.Memory);
        foreach (nuint memory in _spare)
            _backend.Free(memory);
        _backend.Free(_trials);
        _backend.Free(_stop);
        _tables.Dispose();
    }

    /// <summary>
    /// Gives waiting jobs memory, in order. When it runs out, half of those that had not begun wait for the others to end; later more are tried again, for
    /// others may have given memory back.
    /// </summary>
    private void Admit()
    {
        int begun = _active.Count;
        _capacity = Math.Min(_options.MaxTrials, _capacity + Math.Max(1, _capacity / 8));
        while (_waiting.Count > 0 && _active.Count < _capacity)
        {
            var job = _waiting[0];
            try
            {
                MakeRoom();
                Enter(job);
            }
            catch (DeviceMemoryException) when (_active.Count > 0)
            {
                _capacity = Math.Max(1, begun + ((_active.Count - begun) / 2));
                foreach (var surplus in _active.Skip(_capacity).ToArray())
                    Leave(surplus);
                return;
            }

            _waiting.RemoveAt(0);
            _active.Add(job);
            Guarded(job, () => OfferSnapshot(job));
        }
    }

    /// <summary>Back to waiting, with the state that it came with: it has not taken a step.</summary>
    private void Leave(PackedJob job)
    {
        _active.Remove(job);
        _waiting.Insert(0, job);
        ReleaseTables(job);
        _backend.Free(job.Memory);
        job.Memory = 0;
    }

    /// <summary>For one job more in the launch.</summary>
    private void MakeRoom()
    {
        if (_active.Count < _trialCapacity)
            return;
        nuint more = _backend.Allocate(BytesOf(2 * _trialCapacity));
        _backend.Free(_trials);
        (_trials, _trialCapacity) = (more, 2 * _trialCapacity);
    }

    private static long BytesOf(int trials) => (long)trials * Marshal.SizeOf<PackedTrial>();

    private void Enter(PackedJob job)
    {
        var start = job.Start!;
        var settings = job.Job.Settings;
        var trial = new PackedTrial
        {
            Seed = job.Job.Seed,
            WindowSum = start.WindowSum,
            Count = (uint)job.Job.Points,
            Batch = settings.Batch,
            Steps = settings.Steps,
            Step = start.Step,
            Windows = job.Windows,
            Window = start.Losses.Count,
        };
        nuint memory = 0;
        try
        {
            memory = _spare.TryPop(out nuint spare) ? spare : _backend.Allocate(BytesPerJob);
            trial.Points = _tables.Get(job.Job.Data);
            trial.Coefficients = _tables.Get(job.Table!.Coefficients);
            trial.Features = _tables.Get(Features(job.Table));
            trial.Rates = _tables.Get(Rates(settings));
        }
        catch (DeviceMemoryException)
        {
            foreach (nuint table in (ReadOnlySpan<nuint>)[trial.Points, trial.Coefficients, trial.Features])
            {
                if (table != 0)
                    _tables.Release(table);
            }

            if (memory != 0)
                _backend.Free(memory);
            while (_spare.TryPop(out nuint spare))
                _backend.Free(spare);
            throw;
        }

        nuint next = memory;
        trial.Weights = Take(_plan.Parameters);
        trial.First = Take(_plan.Parameters);
        trial.Second = Take(_plan.Parameters);
        trial.Losses = Take(2 * LossWindow.MaxPoints);
        trial.Gradient = Take(_plan.GradientFloats(_variant));
        trial.Scratch = next;
        foreach ((nuint address, float[] values) in (ReadOnlySpan<(nuint, float[])>)[(trial.Weights, start.Weights), (trial.First, start.First),
            (trial.Second, start.Second)])
        {
            float[] padded = new float[_plan.Parameters];
            _plan.Pad(_shape, _variant.WeightStride, values, padded);
            _backend.Upload(address, MemoryMarshal.AsBytes(padded.AsSpan()));
        }

        job.Memory = memory;
        job.Trial = trial;

        nuint Take(int floats)
        {
            nuint address = next;
            next += (nuint)(floats * sizeof(float));
            return address;
        }
    }

    private void Launch()
    {
        var trials = new PackedTrial[_active.Count];
        for (int i = 0; i < trials.Length; i++)
        {
            var job = _active[i];
            job.Start = null;
            job.Table = null;
            trials[i] = job.Trial;
            trials[i].Until = job.Until(_steps);
        }

        int longest = trials.Max(t => t.Until - t.Step);
        _backend.Upload(_trials, MemoryMarshal.AsBytes(trials.AsSpan()));
        long started = _time.GetTimestamp();
        List<CancellationTokenRegistration> registrations =
            [.. _active.Select(j => j.Cancellation).Where(c => c.CanBeCanceled).Distinct().Select(c => c.Register(() => _backend.Signal(_stop, 1)))];
        try
        {
            _backend.Train(_variant, _trials, trials.Length, _stop, _plan);
        }
        finally
        {
            foreach (var registration in registrations)
                registration.Dispose();
        }

        Adapt(longest, _time.GetElapsedTime(started));
        _backend.Download(_trials, MemoryMarshal.AsBytes(trials.AsSpan()));
        bool stopped = _active.Exists(j => j.Cancellation.IsCancellationRequested);
        for (int i = 0; i < trials.Length; i++)
        {
            if (trials[i].Step == _active[i].Trial.Step && !stopped)
                throw new CudaException(
                    $"{_backend.Device}: {_variant.Name} ended without a step of trial {i} of {trials.Length}; allowed: {trials[i].Until - trials[i].Step} "
                    + $"steps");
            _active[i].Trial = trials[i];
        }
    }

    /// <summary>How many steps fit into the time that a launch should take, by what the last one took.</summary>
    private void Adapt(int steps, TimeSpan took)
    {
        if (_active.Any(j => j.Cancellation.IsCancellationRequested))
            return;
        double wanted = steps * (_options.LaunchTarget / (took > TimeSpan.Zero ? took : TimeSpan.FromMicroseconds(1)));
        if (wanted < _steps || steps == _steps)
            _steps = (int)Math.Clamp(wanted, 1, Math.Min(4.0 * _steps, _options.MaxSteps));
    }

    /// <summary>Tells a job's observer what the launch brought.</summary>
    private void Follow(PackedJob job)
    {
        ReadLosses(job, before: job.Trial.Step);
        if (job.Trial.Diverged != 0)
        {
            job.Outcome = new TrainingOutcome { Divergence = new DivergedException(job.Trial.Step - 1, job.Trial.BadLoss, job.Job.Settings.LearningRate) };
            return;
        }

        OfferSnapshot(job);
        ReadLosses(job, before: int.MaxValue);
        OfferCheckpoint(job);
        if (job.Trial.Step == job.Job.Settings.Steps)
            job.Outcome = new TrainingOutcome { Network = Network(job, Parameters(job.Trial.Weights)) with { Losses = job.Losses } };
    }

    /// <summary>The windows that ended in the launch, before a step.</summary>
    private void ReadLosses(PackedJob job, int before)
    {
        int first = job.Losses.Count, count = job.Trial.Window - first, steps = job.Job.Settings.Steps;
        while (count > 0 && LossWindow.End(steps, first + count - 1) >= before)
            count--;
        if (count <= 0)
            return;
        double[] losses = new double[count];
        _backend.Download(job.Trial.Losses + (nuint)(first * sizeof(double)), MemoryMarshal.AsBytes(losses.AsSpan()));
        foreach (double loss in losses)
        {
            var point = new LossPoint(LossWindow.End(steps, job.Losses.Count), loss);
            job.Losses.Add(point);
            job.Observer.OnLoss(job.Index, point);
        }
    }

    private void OfferSnapshot(PackedJob job)
    {
        if (job.NextSnapshot < job.Job.SnapshotSteps.Count && job.Job.SnapshotSteps[job.NextSnapshot] == job.Trial.Step)
            job.Observer.OnSnapshot(job.Index, job.Job.SnapshotSteps[job.NextSnapshot++], Network(job, Parameters(job.Trial.Weights)));
    }

    private void OfferCheckpoint(PackedJob job)
    {
        if (!job.Observer.WantsCheckpoint(job.Index, job.Trial.Step))
            return;
        var checkpoint = new TrainingCheckpoint(
            job.Trial.Step, job.Trial.WindowSum, Parameters(job.Trial.Weights), Parameters(job.Trial.First), Parameters(job.Trial.Second), [.. job.Losses]);
        job.Observer.OnCheckpoint(job.Index, job.Trial.Step, checkpoint.ToBytes());
    }

    private void Cancel(PackedJob job)
    {
        if (job.Memory != 0)
            Guarded(job, () => OfferCheckpoint(job));
        job.Cancelled = true;
        if (job.Memory == 0)
            _waiting.Remove(job);
    }

    private static void Guarded(PackedJob job, Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is not CudaException)
        {
            job.Failure = e;
        }
    }

    /// <summary>True when a job has ended; its memory is kept for the next.</summary>
    private bool Retire(PackedJob job)
    {
        if (!job.Ended)
            return false;
        ReleaseTables(job);
        _spare.Push(job.Memory);
        job.Memory = 0;
        return true;
    }

    private void ReleaseTables(PackedJob job)
    {
        _tables.Release(job.Trial.Points);
        _tables.Release(job.Trial.Coefficients);
        _tables.Release(job.Trial.Features);
        _tables.Release(job.Trial.Rates);
    }

    private static TrainedNetwork Network(PackedJob job, float[] weights) => new()
    {
        Shape = job.Job.Shape,
        Parametrisation = job.Job.Design.Parametrisation,
        SigmaData = job.SigmaData,
        Weights = weights,
    };

    private float[] Parameters(nuint address)
    {
        float[] padded = new float[_plan.Parameters], values = new float[_shape.ParameterCount];
        _backend.Download(address, MemoryMarshal.AsBytes(padded.AsSpan()));
        _plan.Unpad(_shape, _variant.WeightStride, padded, values);
        return values;
    }

    /// <summary>The time features with rows of whole quadruples.</summary>
    private float[] Features(NoiseTable table)
    {
        int count = table.TimeFeatureCount, stride = _plan.FeatureStride;
        if (stride == count)
            return table.FeatureArray;
        float[] padded = new float[NoiseTable.Rows * stride];
        for (int row = 0; row < NoiseTable.Rows; row++)
            table.Features.Slice(row * count, count).CopyTo(padded.AsSpan(row * stride));
        return padded;
    }

    /// <summary>Each step's numbers of Adam.</summary>
    private static float[] Rates(TrainingSettings settings)
    {
        float[] rates = new float[2 * settings.Steps];
        for (int step = 0; step < settings.Steps; step++)
        {
            var adam = AdamStep.For(settings.LearningRateAt(step), step + 1);
            rates[2 * step] = adam.Rate;
            rates[(2 * step) + 1] = adam.InverseRootCorrection;
        }

        return rates;
    }
}

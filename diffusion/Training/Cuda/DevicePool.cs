namespace Sweep.Diffusion.Training.Cuda;

/// <summary>Several GPUs as one trainer: a call goes to the device with the fewest jobs under way. On GPUs of one kind it makes no difference to the result.</summary>
public sealed class DevicePool(IReadOnlyList<PackingTrainer> devices) : ITrainer, IDisposable
{
    private readonly Lock _lock = new();
    private readonly int[] _jobs = new int[devices.Count];

    /// <summary>For people: <c>cuda:0 (NVIDIA H200)</c>, or several of them.</summary>
    public string Device => string.Join(", ", devices.Select(d => d.Device));

    public IReadOnlyList<PackingTrainer> Devices => devices;

    /// <inheritdoc/>
    public IReadOnlyList<TrainingOutcome> Train(IReadOnlyList<TrainingJob> jobs, ITrainingObserver observer, CancellationToken cancellation)
    {
        int chosen;
        lock (_lock)
        {
            chosen = Array.IndexOf(_jobs, _jobs.Min());
            _jobs[chosen] += jobs.Count;
        }

        try
        {
            return devices[chosen].Train(jobs, observer, cancellation);
        }
        finally
        {
            lock (_lock)
                _jobs[chosen] -= jobs.Count;
        }
    }

    public void Dispose()
    {
        foreach (var device in devices)
            device.Dispose();
    }
}

using System.Globalization;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Training;
using Sweep.Diffusion.Training.Cuda;

namespace Sweep.Silo;

/// <summary>What a silo trains on: the processor, or one or more GPUs, whose slots are a pack of trials that train together. Dispose of it after the silo.</summary>
public sealed class SiloDevice : IDisposable
{
    /// <summary>The most trials that a GPU's silo leases by itself: enough to keep the largest GPU busy several times over, few enough for one thread each.</summary>
    private const int MostSlots = 1024;

    /// <summary>The network that slots are counted in, a large one; trials of larger ones wait for memory where it runs out.</summary>
    private static readonly MlpShape CountedShape = new(8, MlpShape.DefaultTimeFeatures, 256, 8, Activation.Silu);

    private readonly DevicePool? _pool;

    private SiloDevice(DevicePool? pool) => _pool = pool;

    /// <summary>Devices that are open already; they are disposed of with it.</summary>
    internal static SiloDevice Of(DevicePool pool) => new(pool);

    /// <summary>The processor.</summary>
    public static SiloDevice Cpu { get; } = new(null);

    /// <summary>For people and results: <c>cpu</c>, <c>cuda:0 (NVIDIA H200)</c>.</summary>
    public string Name => _pool?.Device ?? "cpu";

    /// <summary>Null: the trainer of the calling thread.</summary>
    public ITrainer? Trainer => _pool;

    /// <summary>Trials at a time where nobody says how many: one per core; on GPUs what their free memory holds.</summary>
    public int DefaultSlots => _pool is null
        ? Environment.ProcessorCount
        : Math.Min(MostSlots, _pool.Devices.Sum(d => d.Capacity(CountedShape, points: 100_000, TrainingSettings.DefaultSteps)));

    /// <summary>Opens what a <c>--device</c> names, and checks GPUs against the processor.</summary>
    /// <param name="name"><c>cpu</c>; <c>cuda</c>, every GPU; <c>cuda:N</c>; <c>auto</c>, every GPU, and without a sound one the processor.</param>
    /// <param name="time">The clock.</param>
    /// <param name="problem">What is wrong, for people, in the form <c>name; allowed: …</c>, or with <c>auto</c> why a GPU that is there is not used; else null.</param>
    /// <param name="cancellation">Ends the check.</param>
    /// <returns>Null where the device can't be had.</returns>
    public static SiloDevice? Open(string name, TimeProvider time, out string? problem, CancellationToken cancellation)
    {
        problem = null;
        if (name == "cpu")
            return Cpu;
        int? index = null;
        if (name.StartsWith("cuda:", StringComparison.Ordinal) && int.TryParse(name.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out int given))
            index = given;
        else if (name is not ("auto" or "cuda"))
            return Refuse($"{name}; allowed: auto, cpu, cuda, cuda:N", out problem);

        IReadOnlyList<CudaDevice> found = CudaDevices.Find(out string? why);
        if (name == "auto" && found.Count == 0)
            return Cpu;
        CudaDevice[] wanted = [.. found.Where(d => index is null || d.Index == index)];
        if (wanted.Length == 0)
        {
            string allowed = string.Join(", ", found.Select(d => $"cuda:{d.Index}").Prepend("auto, cpu"));
            return Refuse($"{name}; allowed here: {allowed}{(why is null ? string.Empty : $" ({why})")}", out problem);
        }

        List<PackingTrainer> trainers = [];
        foreach (CudaDevice device in wanted)
        {
            problem = OpenOne(device, time, trainers, cancellation);
            if (problem is null)
                continue;
            foreach (PackingTrainer trainer in trainers)
                trainer.Dispose();
            return name == "auto" ? Cpu : null;
        }

        return new SiloDevice(new DevicePool(trainers));
    }

    public void Dispose() => _pool?.Dispose();

    private static string? OpenOne(CudaDevice device, TimeProvider time, List<PackingTrainer> trainers, CancellationToken cancellation)
    {
        try
        {
            var trainer = PackingTrainer.Open(device, time);
            trainers.Add(trainer);
            return DeviceCheck.Problem(trainer, cancellation) is { } wrong ? $"{device} failed its check: {wrong}" : null;
        }
        catch (Exception e) when (e is CudaException or DeviceMemoryException)
        {
            return $"{device}: {e.Message}";
        }
    }

    private static SiloDevice? Refuse(string what, out string problem)
    {
        problem = what;
        return null;
    }
}

using Sweep.Diffusion.Training;
using Sweep.Diffusion.Training.Cuda;

namespace Sweep.Silo.Devices;

/// <summary>
/// One device that a silo trains on, open and checked. Each has a lease loop of its own (<see cref="SiloCrew"/>). Dispose of it after the silo.
/// </summary>
/// <param name="id">What <c>--device</c> calls it: <c>cpu</c>, <c>cuda:0</c>.</param>
/// <param name="name">For display and results: <c>cuda:0 (NVIDIA H200)</c>.</param>
/// <param name="trainer">Called by many threads at a time, each with its own trial; null: every thread trains by itself on the processor.</param>
/// <param name="defaultSlots">Trials at a time where nobody says how many.</param>
/// <param name="owned">Disposed of with it.</param>
public sealed class SiloDevice(string id, string name, ITrainer? trainer, int defaultSlots, IDisposable? owned = null) : IDisposable
{
    /// <summary>The processor: a trial per core.</summary>
    public static SiloDevice Cpu { get; } = new("cpu", "cpu", null, Environment.ProcessorCount) { Detail = "the fused CPU trainer" };

    public string Id => id;

    public string Name => name;

    /// <summary>What is known of it, for <c>sweep doctor</c>.</summary>
    public string Detail { get; init; } = string.Empty;

    public ITrainer? Trainer => trainer;

    /// <summary>What samples and measures on the device; null: the processor does.</summary>
    public IDeviceEvaluator? Evaluator { get; init; }

    public int DefaultSlots => defaultSlots;

    public void Dispose() => owned?.Dispose();
}

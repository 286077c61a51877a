using Sweep.Diffusion.Networks;

namespace Sweep.Diffusion.Training;

/// <summary>
/// Training and denoising by TorchSharp, on whatever libtorch this machine has. Thread-safe. The first call loads libtorch, some tenths of a second.
/// </summary>
public interface ITorchEngine
{
    /// <summary>Why libtorch can't be loaded, in the form <c>what is wrong; what helps</c>; null when it can.</summary>
    string? Problem { get; }

    /// <summary><c>libtorch 1.13.0</c>, as far as its file says.</summary>
    string Version { get; }

    /// <summary>Which libtorch was found and where, with its BLAS: for display.</summary>
    string Library { get; }

    /// <summary>What makes it slow, in words; null when nothing does.</summary>
    string? Warning { get; }

    /// <summary>What it can train on: <c>torch:cpu</c>, then <c>torch:cuda:0</c>, …; empty when there is a <see cref="Problem"/>.</summary>
    IReadOnlyList<string> Devices { get; }

    /// <summary>A trainer for every kind of network.</summary>
    /// <param name="device">One of <see cref="Devices"/>.</param>
    /// <exception cref="ArgumentException">There is no such device here.</exception>
    ITrainer CreateTrainer(string device);

    /// <summary>A denoiser with buffers of its own: one per thread.</summary>
    /// <param name="network">Of any kind.</param>
    /// <param name="device">One of <see cref="Devices"/>.</param>
    /// <exception cref="ArgumentException">There is no such device here.</exception>
    ITrainedDenoiser CreateDenoiser(TrainedNetwork network, string device);
}

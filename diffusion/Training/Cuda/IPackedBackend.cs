namespace Sweep.Diffusion.Training.Cuda;

/// <summary>
/// Memory and kernels of one device: a GPU by its driver, or the host's build of the same kernels in tests. Thread-safe; what one thread enqueues happens in
/// order. Addresses are the device's and aligned to 256 bytes.
/// </summary>
internal interface IPackedBackend : IDisposable
{
    /// <summary>For display: <c>cuda:0 (NVIDIA H200)</c>.</summary>
    string Device { get; }

    /// <summary>The most shared memory that a block may have.</summary>
    int SharedBytes { get; }

    /// <summary>Bytes of device memory free now, whoever uses the others.</summary>
    long FreeBytes { get; }

    /// <exception cref="DeviceMemoryException">The device has no such memory left.</exception>
    nuint Allocate(long bytes);

    void Free(nuint address);

    void Upload(nuint target, ReadOnlySpan<byte> source);

    void Download(nuint source, Span<byte> target);

    /// <summary>Writes an integer while a kernel may be running that was started by another thread.</summary>
    void Signal(nuint target, int value);

    /// <summary>Runs the training kernel on an array of <see cref="PackedTrial"/> and waits for its end.</summary>
    /// <param name="variant">Which kernel.</param>
    /// <param name="trials">Address of the first.</param>
    /// <param name="count">How many: one block each.</param>
    /// <param name="stop">Address of an integer: not 0 asks all trials to stop after their step.</param>
    /// <param name="plan">The plan of the trials' shape for the variant.</param>
    void Train(KernelVariant variant, nuint trials, int count, nuint stop, in KernelPlan plan);

    /// <summary>Enqueues a kernel that takes one struct. A <see cref="Download"/> by the same thread waits for it, and finds what it wrote.</summary>
    /// <param name="call">Which kernel, how large.</param>
    /// <param name="argument">Its struct; copied.</param>
    void Launch(in KernelCall call, ReadOnlySpan<byte> argument);

    /// <summary>Copies an input to the device, runs a kernel that takes one struct, copies its output back, and waits for that.</summary>
    /// <param name="call">Which kernel, how large.</param>
    /// <param name="argument">Its struct.</param>
    /// <param name="target">Where the input goes.</param>
    /// <param name="input">The input.</param>
    /// <param name="source">Where the output is.</param>
    /// <param name="output">Receives it.</param>
    void Run(in KernelCall call, ReadOnlySpan<byte> argument, nuint target, ReadOnlySpan<byte> input, nuint source, Span<byte> output);
}

using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Schedules;

namespace Sweep.Silo.Preparation;

/// <summary>
/// A denoiser that looks for cancellation every few rows: one call to a delta mixture of many training points can take seconds. For denoisers whose result of a
/// row doesn't depend on the rows around it, as those of the reference kinds, so the results stay bit for bit what they were; libtorch's are always asked
/// through it, in the same blocks.
/// </summary>
internal sealed class CancellableDenoiser(IDenoiser inner, CancellationToken cancellationToken) : IDenoiser
{
    /// <summary>A whole number of vectors. 20,000 training points of 64 dimensions keep one core busy for some 0.1 s.</summary>
    private const int Rows = 128;

    public int Dimensions => inner.Dimensions;

    /// <inheritdoc/>
    /// <exception cref="OperationCanceledException">Cancelled; what has been written is not complete.</exception>
    public void Denoise(ReadOnlySpan<double> x, NoiseLevel level, Span<double> x0Hat)
    {
        int block = Rows * inner.Dimensions;
        for (int start = 0; start < x.Length; start += block)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int length = Math.Min(block, x.Length - start);
            inner.Denoise(x.Slice(start, length), level, x0Hat.Slice(start, length));
        }
    }
}

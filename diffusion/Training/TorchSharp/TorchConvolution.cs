using System.Collections.Concurrent;
using TorchSharp;

namespace Sweep.Diffusion.Training.Torch;

/// <summary>
/// A 2-D convolution: libtorch's own, or a matrix product over unfolded patches on devices where libtorch's own fails <see cref="TorchSelfCheck"/>.
/// Thread-safe.
/// </summary>
internal static class TorchConvolution
{
    private static readonly ConcurrentDictionary<string, Outcome> Checked = new(StringComparer.Ordinal);

    /// <summary>What was found of a device's convolution, checked once.</summary>
    public static Outcome Of(torch.Device device) => Checked.GetOrAdd(device.ToString(), _ => Check(device));

    /// <param name="x">(n, channels, height, width).</param>
    /// <param name="weight">(out, channels, kernel, kernel).</param>
    /// <param name="bias">(out).</param>
    /// <param name="stride">In both directions.</param>
    /// <param name="padding">Zeros on every side.</param>
    public static torch.Tensor Apply(torch.Tensor x, torch.Tensor weight, torch.Tensor bias, int stride = 1, int padding = 1) =>
        Of(x.device).ByProducts && x.dtype == torch.ScalarType.Float32
            ? ByProducts(x, weight, bias, stride, padding) : Native(x, weight, bias, stride, padding);

    public static torch.Tensor Native(torch.Tensor x, torch.Tensor weight, torch.Tensor bias, int stride, int padding) =>
        torch.nn.functional.conv2d(x, weight, bias, strides: [stride, stride], padding: [padding, padding]);

    /// <summary>The same sums as one product of (out, channels k k) with every patch's (channels k k, height' width').</summary>
    public static torch.Tensor ByProducts(torch.Tensor x, torch.Tensor weight, torch.Tensor bias, int stride, int padding)
    {
        long kernel = weight.shape[2], outputs = weight.shape[0];
        long Side(long n) => ((n + (2 * padding) - kernel) / stride) + 1;
        torch.Tensor patches = torch.nn.functional.unfold(x, kernel, padding: padding, stride: stride);
        return weight.reshape(outputs, -1).matmul(patches).Plus(bias.reshape(1, outputs, 1)).reshape(x.shape[0], outputs, Side(x.shape[2]), Side(x.shape[3]));
    }

    private static Outcome Check(torch.Device device)
    {
        if (TorchSelfCheck.Wrong(TorchSelfCheck.Convolutions(Native), device) is not { } native)
            return new Outcome(ByProducts: false, Native: null, Problem: null);
        return new Outcome(ByProducts: true, native, TorchSelfCheck.Wrong(TorchSelfCheck.Convolutions(ByProducts), device));
    }

    /// <param name="ByProducts">Whether convolutions are computed by products here.</param>
    /// <param name="Native">What is wrong with libtorch's own; null when nothing is.</param>
    /// <param name="Problem">What is wrong with both; null when one is right.</param>
    internal sealed record Outcome(bool ByProducts, string? Native, string? Problem);
}

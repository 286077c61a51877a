using System.Globalization;
using Sweep.Diffusion.Numerics;
using TorchSharp;

namespace Sweep.Diffusion.Training.Torch;

/// <summary>
/// Whether libtorch computes what it says: every operation that a network uses, in single precision against double, forward and every gradient, at odd
/// sizes. libtorch 2.10's own convolution is wrong at random on some processors (oneDNN 3.7.1 on AMD EPYC family 26: the input's gradient at any channel
/// count that is not a multiple of 16), and training then goes on in silence. Some tens of milliseconds, once per device.
/// </summary>
internal static class TorchSelfCheck
{
    /// <summary>Sums of some hundreds of products of order 1 round to 1e-6; what is wrong is off by 0.1 to 1, or NaN.</summary>
    public const double Allowed = 1e-4;

    /// <summary>What is wrong is wrong at random.</summary>
    private const int Tries = 3;

    /// <summary>Of the networks here, but for the convolution.</summary>
    public static IReadOnlyList<Operation> Plain { get; } =
    [
        new("linear", [[37, 19], [23, 19], [23]], t => torch.nn.functional.linear(t[0], t[1], t[2])),
        new("group_norm", [[9, 12, 5, 5], [12], [12]], t => torch.nn.functional.group_norm(t[0], 4, t[1], t[2], 1e-5)),
        new("silu", [[7, 33]], t => torch.nn.functional.silu(t[0])),
        new("relu", [[7, 33]], t => torch.nn.functional.relu(t[0])),
        new("tanh", [[7, 33]], t => torch.nn.functional.tanh(t[0])),
        new("gelu", [[7, 33]], t => torch.nn.functional.gelu(t[0])),
    ];

    /// <summary>Convolutions as a U-Net has them: input, output and half-size layers and the product of one pixel.</summary>
    public static IEnumerable<Operation> Convolutions(Func<torch.Tensor, torch.Tensor, torch.Tensor, int, int, torch.Tensor> convolve)
    {
        foreach ((int from, int to, int stride, int kernel) in new[] { (1, 8, 1, 3), (8, 1, 1, 3), (8, 8, 1, 3), (12, 20, 1, 3), (24, 24, 2, 3), (17, 12, 1, 1),
            (16, 32, 1, 3) })
        {
            yield return new Operation(
                "conv2d",
                [[33, from, 8, 8], [to, from, kernel, kernel], [to]],
                t => convolve(t[0], t[1], t[2], stride, kernel / 2));
        }
    }

    /// <summary>The first of some operations that is wrong on a device, and by how much; null when none is.</summary>
    public static string? Wrong(IEnumerable<Operation> operations, torch.Device device)
    {
        foreach (Operation operation in operations)
        {
            double off = Enumerable.Range(0, Tries).Max(_ => Off(operation, device));
            if (off > Allowed)
            {
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"{operation.Name} in single precision is off by {(double.IsFinite(off) ? off.ToString("0.0e0", CultureInfo.InvariantCulture) : "NaN")} "
                        + $"of its size (allowed: {Allowed:0e0})");
            }
        }

        return null;
    }

    /// <summary>The largest relative difference, in the norm, of the result and of each input's gradient; infinite where something is not a number.</summary>
    private static double Off(Operation operation, torch.Device device)
    {
        using var scope = torch.NewDisposeScope();
        torch.Tensor[] exact = Run(operation, torch.float64, device, withGradients: true);
        torch.Tensor[] single = Run(operation, torch.float32, device, withGradients: true);
        torch.Tensor[] inference = Run(operation, torch.float32, device, withGradients: false);
        return exact.Zip(single).Append((exact[0], inference[0])).Max(pair => Relative(pair.Item1, pair.Item2));
    }

    private static double Relative(torch.Tensor exact, torch.Tensor single)
    {
        double off = (exact.sub(single.to(torch.float64)).norm().ToDouble()) / exact.norm().ToDouble();
        return double.IsNaN(off) ? double.PositiveInfinity : off;
    }

    /// <summary>The result, then the gradient of each input for a fixed gradient of the result.</summary>
    private static torch.Tensor[] Run(Operation operation, torch.ScalarType type, torch.Device device, bool withGradients)
    {
        var stream = new PhiloxStream(1, NoisePurpose.TrainingPoints);
        torch.Tensor Drawn(long[] shape)
        {
            double[] values = new double[shape.Aggregate(1L, (a, b) => a * b)];
            for (int i = 0; i < values.Length; i++)
                values[i] = (2 * stream.NextDouble()) - 1;
            return torch.tensor(values, device: device).reshape(shape).to(type);
        }

        torch.Tensor[] inputs = [.. operation.Shapes.Select(Drawn)];
        if (!withGradients)
        {
            using var off = torch.no_grad();
            return [operation.Apply(inputs)];
        }

        foreach (torch.Tensor input in inputs)
            input.requires_grad_(true);
        torch.Tensor result = operation.Apply(inputs);
        result.backward([Drawn(result.shape)]);
        return [result.detach(), .. inputs.Select(i => i.grad!)];
    }

    /// <summary>One operation to try.</summary>
    /// <param name="Name">libtorch's.</param>
    /// <param name="Shapes">Of its inputs.</param>
    /// <param name="Apply">From the inputs to the result, in their precision.</param>
    internal sealed record Operation(string Name, long[][] Shapes, Func<torch.Tensor[], torch.Tensor> Apply);
}

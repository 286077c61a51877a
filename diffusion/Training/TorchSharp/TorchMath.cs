using System.Runtime.InteropServices;
using TorchSharp;

namespace Sweep.Diffusion.Training.Torch;

/// <summary>
/// Arithmetic that TorchSharp's operators do unsafely. a + b makes a Scalar 1 for the second operand's factor, and hands its native pointer to libtorch without
/// keeping the object: a garbage collection meanwhile finalizes it, and libtorch reads freed memory (seen as "Expected false to be true" from c10::Scalar in a
/// busy process). So scalars here are static, or disposed of after the call, which keeps them. Tensors are safe: their dispose scope holds them.
/// </summary>
internal static class TorchMath
{
    public static Scalar Zero { get; } = 0;

    public static Scalar One { get; } = 1;

    /// <summary>a + b.</summary>
    public static torch.Tensor Plus(this torch.Tensor a, torch.Tensor b) => a.add(b, One);

    /// <summary>a (1 + scale) + shift.</summary>
    public static torch.Tensor Modulated(this torch.Tensor a, torch.Tensor shift, torch.Tensor scale) => a.mul(scale).Plus(a).Plus(shift);

    /// <summary>a *= factor.</summary>
    public static torch.Tensor Scale(this torch.Tensor a, double factor)
    {
        using Scalar scalar = factor;
        return a.mul_(scalar);
    }

    /// <summary>a += constant.</summary>
    public static torch.Tensor Shift(this torch.Tensor a, double constant)
    {
        using Scalar scalar = constant;
        return a.add_(scalar, One);
    }

    /// <summary>a += factor b.</summary>
    public static torch.Tensor Add(this torch.Tensor a, torch.Tensor b, double factor)
    {
        using Scalar scalar = factor;
        return a.add_(b, scalar);
    }

    /// <summary>a += factor b c.</summary>
    public static torch.Tensor AddProduct(this torch.Tensor a, torch.Tensor b, torch.Tensor c, double factor)
    {
        using Scalar scalar = factor;
        return a.addcmul_(b, c, scalar);
    }

    /// <summary>a += factor b / c.</summary>
    public static torch.Tensor AddRatio(this torch.Tensor a, torch.Tensor b, torch.Tensor c, double factor)
    {
        using Scalar scalar = factor;
        return a.addcdiv_(b, c, scalar);
    }

    /// <summary>The value of a tensor of one single-precision number, wherever it is.</summary>
    public static float Value(this torch.Tensor a) => MemoryMarshal.Read<float>(a.cpu().bytes);
}

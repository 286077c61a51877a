using System.Runtime.CompilerServices;
using Sweep.Diffusion.Numerics.Lanes;

namespace Sweep.Diffusion.Networks.Kernels;

/// <summary>An activation and its derivative on a register. All give 0 at 0, so padding stays zero.</summary>
internal interface IActivation<T>
{
    static abstract T Value(T z);

    static abstract (T Value, T Derivative) ValueAndDerivative(T z);
}

internal readonly struct SiluActivation<T, L> : IActivation<T>
    where T : unmanaged
    where L : struct, ILanes<T>
{
    private const float Saturation = 17;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Value(T z)
    {
        // Held from below for the product as well: 1e9 times a sigmoid that is off by 3e-8 would be far from 0.
        z = L.Maximum(L.Broadcast(-Saturation), z);
        return L.Multiply(z, Fp32<T, L>.Sigmoid(L.Minimum(L.Broadcast(Saturation), z)));
    }

    /// <summary>With s = sigmoid(z) and y = z s: y' = s + y (1 - s).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (T Value, T Derivative) ValueAndDerivative(T z)
    {
        z = L.Maximum(L.Broadcast(-Saturation), z);
        T s = Fp32<T, L>.Sigmoid(L.Minimum(L.Broadcast(Saturation), z));
        T y = L.Multiply(z, s);
        return (y, L.MultiplyAdd(y, L.Subtract(L.Broadcast(1f), s), s));
    }
}

internal readonly struct ReluActivation<T, L> : IActivation<T>
    where T : unmanaged
    where L : struct, ILanes<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Value(T z) => L.Maximum(L.Zero, z);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (T Value, T Derivative) ValueAndDerivative(T z) => (L.Maximum(L.Zero, z), L.And(L.GreaterThan(z, L.Zero), L.Broadcast(1f)));
}

internal readonly struct TanhActivation<T, L> : IActivation<T>
    where T : unmanaged
    where L : struct, ILanes<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Value(T z) => Fp32<T, L>.Tanh(z);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (T Value, T Derivative) ValueAndDerivative(T z)
    {
        T y = Fp32<T, L>.Tanh(z);
        return (y, L.Subtract(L.Broadcast(1f), L.Multiply(y, y)));
    }
}

internal readonly struct GeluActivation<T, L> : IActivation<T>
    where T : unmanaged
    where L : struct, ILanes<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Value(T z) => L.Multiply(z, Fp32<T, L>.Normal(z).Distribution);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (T Value, T Derivative) ValueAndDerivative(T z)
    {
        (T distribution, T density) = Fp32<T, L>.Normal(z);
        return (L.Multiply(z, distribution), L.MultiplyAdd(z, density, distribution));
    }
}

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
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Value(T z) => L.Divide(z, OnePlusExp(z));

    /// <summary>With s = sigmoid(z) and y = z s: y' = s + y (1 - s).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (T Value, T Derivative) ValueAndDerivative(T z)
    {
        T one = L.Broadcast(1f);
        T s = L.Divide(one, OnePlusExp(z));
        T y = L.Multiply(z, s);
        return (y, L.MultiplyAdd(y, L.Subtract(one, s), s));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T OnePlusExp(T z) => L.Add(L.Broadcast(1f), Fp32<T, L>.Exp(L.Xor(z, L.BroadcastBits(0x80000000))));
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

namespace Sweep.Diffusion.Numerics.Lanes;

/// <summary>
/// The arithmetic of one vector of fp64 lanes, with <see cref="ILanes{T}"/>'s promise: a kernel that combines lanes in no order of its own gives the same bits
/// at every width. Bit operations treat the lanes as 64-bit integers.
/// </summary>
/// <typeparam name="T">The register: Vector512&lt;double&gt;, Vector256&lt;double&gt; or double.</typeparam>
internal unsafe interface IDoubleLanes<T>
    where T : unmanaged
{
    /// <summary>Lanes per register: 8, 4 or 1.</summary>
    static abstract int Count { get; }

    static abstract T Zero { get; }

    static abstract T Load(double* source);

    static abstract void Store(double* target, T value);

    static abstract T Broadcast(double value);

    static abstract T BroadcastBits(ulong bits);

    static abstract T Add(T a, T b);

    static abstract T Subtract(T a, T b);

    static abstract T Multiply(T a, T b);

    static abstract T Divide(T a, T b);

    /// <summary>a * b + c with one rounding.</summary>
    static abstract T MultiplyAdd(T a, T b, T c);

    /// <summary>a &lt; b ? a : b, so that a NaN in b comes through.</summary>
    static abstract T Minimum(T a, T b);

    /// <summary>a &gt; b ? a : b, so that a NaN in b comes through.</summary>
    static abstract T Maximum(T a, T b);

    static abstract T And(T a, T b);

    static abstract T Or(T a, T b);

    static abstract T AddBits(T a, T b);

    static abstract T SubtractBits(T a, T b);

    static abstract T ShiftLeft(T a, int bits);

    /// <summary>Logical.</summary>
    static abstract T ShiftRight(T a, int bits);

    /// <summary>Of eight numbers (aligned to 64 bytes) those that the low three bits of the indices name; the other bits count for nothing.</summary>
    static abstract T LookUp(double* table, T indices);

    /// <summary>Whether in any lane a is greater than b.</summary>
    static abstract bool AnyGreaterThan(T a, T b);
}

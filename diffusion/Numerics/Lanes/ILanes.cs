namespace Sweep.Diffusion.Numerics.Lanes;

/// <summary>
/// The arithmetic of one vector of fp32 lanes. A kernel is written once against it and compiled for each width; because every operation is correctly rounded in
/// every implementation (explicit fused multiply-add, true division and square root), a kernel that combines lanes in no order of its own gives the same bits
/// on all of them. Bit operations treat the lanes as 32-bit integers.
/// </summary>
/// <typeparam name="T">The register: Vector512&lt;float&gt;, Vector256&lt;float&gt; or float.</typeparam>
internal unsafe interface ILanes<T>
    where T : unmanaged
{
    /// <summary>Lanes per register: 16, 8 or 1.</summary>
    static abstract int Count { get; }

    static abstract VectorPath Path { get; }

    static abstract T Zero { get; }

    static abstract T Load(float* source);

    static abstract void Store(float* target, T value);

    static abstract T Broadcast(float value);

    static abstract T BroadcastBits(uint bits);

    /// <summary>0, 1, 2, … as integers.</summary>
    static abstract T LaneIndices { get; }

    static abstract T Add(T a, T b);

    static abstract T Subtract(T a, T b);

    static abstract T Multiply(T a, T b);

    static abstract T Divide(T a, T b);

    /// <summary>a * b + c with one rounding.</summary>
    static abstract T MultiplyAdd(T a, T b, T c);

    static abstract T SquareRoot(T a);

    /// <summary>a &lt; b ? a : b, so that a NaN in b comes through.</summary>
    static abstract T Minimum(T a, T b);

    /// <summary>a &gt; b ? a : b, so that a NaN in b comes through.</summary>
    static abstract T Maximum(T a, T b);

    /// <summary>All ones where a is greater than b, else zero.</summary>
    static abstract T GreaterThan(T a, T b);

    static abstract T And(T a, T b);

    static abstract T Or(T a, T b);

    static abstract T Xor(T a, T b);

    /// <summary>a where the mask has ones, b where it has zeros.</summary>
    static abstract T Select(T mask, T a, T b);

    static abstract T AddBits(T a, T b);

    static abstract T ShiftLeft(T a, int bits);

    /// <summary>Logical.</summary>
    static abstract T ShiftRight(T a, int bits);

    /// <summary>Copies the sign bit to all bits.</summary>
    static abstract T SignMask(T a);

    /// <summary>From signed 32-bit integers, to the nearest float.</summary>
    static abstract T ToFloat(T integers);

    /// <summary>x less the greatest whole number that isn't above it: in [0, 1), exact but for a tiny negative x.</summary>
    static abstract T Fraction(T x);

    /// <summary>a 2^floor(power), for powers up to 127; what comes out below 2^-126 may be 0 instead.</summary>
    static abstract T ScaleByFloor(T a, T power);

    /// <summary>The high and low 32 bits of the unsigned 64-bit products with a constant.</summary>
    static abstract (T High, T Low) MultiplyWide(T a, uint factor);

    /// <summary>
    /// The products of 16 rows with a vector: each in sixteen chains (column modulo 16) of fused multiply-adds, whose sums l are added as l plus l + 8, of
    /// those l plus l + 4, then l plus l + 2 and l plus l + 1.
    /// </summary>
    /// <param name="rows">(16, columns) with a row stride.</param>
    /// <param name="stride">Floats from row to row.</param>
    /// <param name="vector">(columns).</param>
    /// <param name="columns">A multiple of 16.</param>
    /// <param name="products">16 floats.</param>
    static abstract void Dot16(float* rows, nint stride, float* vector, nint columns, float* products);
}

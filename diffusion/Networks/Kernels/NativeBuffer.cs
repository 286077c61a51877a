using System.Runtime.InteropServices;

namespace Sweep.Diffusion.Networks.Kernels;

/// <summary>A zeroed buffer of floats that the collector never moves, aligned to 64 bytes (a cache line and an AVX-512 register).</summary>
internal sealed unsafe class NativeBuffer : SafeHandle
{
    public NativeBuffer(int count)
        : base(0, ownsHandle: true)
    {
        Count = count;
        nuint bytes = (nuint)Math.Max(count, 16) * sizeof(float);
        void* memory = NativeMemory.AlignedAlloc(bytes, 64);
        NativeMemory.Clear(memory, bytes);
        SetHandle((nint)memory);
    }

    public int Count { get; }

    public override bool IsInvalid => handle == 0;

    /// <summary>Valid while this object is; keep a reference to it.</summary>
    public float* Pointer => (float*)handle;

    public Span<float> Span => new(Pointer, Count);

    protected override bool ReleaseHandle()
    {
        NativeMemory.AlignedFree((void*)handle);
        return true;
    }
}

using System.Collections.Concurrent;
using System.Text;
using static Sweep.Diffusion.Training.Cuda.CudaNative;

namespace Sweep.Diffusion.Training.Cuda;

/// <summary>A GPU by the CUDA driver. Each calling thread has a stream of its own, so launches of several threads run side by side. A width's kernels are compiled by the driver at its first use (it keeps them on disk).</summary>
internal sealed unsafe class CudaBackend : IPackedBackend
{
    private readonly CudaDevice _device;
    private readonly int _handle;
    private readonly nint _context, _signals;
    private readonly ConcurrentDictionary<int, Lazy<nint>> _modules = new();
    private readonly ConcurrentDictionary<string, nint> _functions = new(StringComparer.Ordinal);

    /// <exception cref="CudaException">The device can't be used.</exception>
    public CudaBackend(CudaDevice device)
    {
        _device = device;
        _handle = CudaDevices.Handle(device.Index);
        Check(cuDevicePrimaryCtxRetain(out _context, _handle), $"context on {device}");
        Enter();
        Check(cuStreamCreate(out _signals, StreamNonBlocking), "stream");
    }

    public string Device => _device.ToString();

    public int SharedBytes => _device.SharedBytes;

    public long FreeBytes
    {
        get
        {
            Enter();
            Check(cuMemGetInfo(out nuint free, out _), "free memory");
            return (long)free;
        }
    }

    /// <summary>How long the kernel of this thread's last launch ran on the device.</summary>
    [field: ThreadStatic]
    public static TimeSpan LastKernel { get; private set; }

    public nuint Allocate(long bytes)
    {
        Enter();
        Check(cuMemAlloc(out nuint address, (nuint)bytes), $"{bytes} bytes of memory on {_device}");
        return address;
    }

    public void Free(nuint address)
    {
        Enter();
        Check(cuMemFree(address), "memory given back");
    }

    public void Upload(nuint target, ReadOnlySpan<byte> source)
    {
        Enter();
        fixed (byte* from = source)
        {
            Check(cuMemcpyHtoDAsync(target, from, (nuint)source.Length, StreamPerThread), $"copy of {source.Length} bytes to {_device}");
            Check(cuStreamSynchronize(StreamPerThread), $"copy of {source.Length} bytes to {_device}");
        }
    }

    public void Download(nuint source, Span<byte> target)
    {
        Enter();
        fixed (byte* to = target)
        {
            Check(cuMemcpyDtoHAsync(to, source, (nuint)target.Length, StreamPerThread), $"copy of {target.Length} bytes from {_device}");
            Check(cuStreamSynchronize(StreamPerThread), $"copy of {target.Length} bytes from {_device}");
        }
    }

    public void Signal(nuint target, int value)
    {
        Enter();
        Check(cuMemcpyHtoDAsync(target, &value, sizeof(int), _signals), "signal");
        Check(cuStreamSynchronize(_signals), "signal");
    }

    public void Train(KernelVariant variant, nuint trials, int count, nuint stop, in KernelPlan plan)
    {
        nint function = Function(variant);
        int sharedBytes = plan.SharedBytes(variant);
        KernelPlan copy = plan;
        void** parameters = stackalloc void*[] { &trials, &stop, &copy };
        Check(cuFuncSetAttribute(function, FunctionSharedBytes, sharedBytes), $"{sharedBytes} bytes of shared memory for {variant.Name}");
        Check(cuEventCreate(out nint start, 0), "event");
        Check(cuEventCreate(out nint end, 0), "event");
        try
        {
            Check(cuEventRecord(start, StreamPerThread), "event");
            Check(
                cuLaunchKernel(function, (uint)count, 1, 1, (uint)variant.Threads, 1, 1, (uint)sharedBytes, StreamPerThread, parameters, null),
                $"launch of {variant.Name} for {count} trials");
            Check(cuEventRecord(end, StreamPerThread), "event");
            Check(cuStreamSynchronize(StreamPerThread), $"{variant.Name} for {count} trials");
            Check(cuEventElapsedTime(out float milliseconds, start, end), "event");
            LastKernel = TimeSpan.FromMilliseconds(milliseconds);
        }
        finally
        {
            // What they say after a failed launch is that failure again.
            _ = cuEventDestroy(start);
            _ = cuEventDestroy(end);
        }
    }

    /// <summary>What the driver made of a kernel: registers and bytes of local memory per thread, and blocks per multiprocessor.</summary>
    public (int Registers, int LocalBytes, int Blocks) Compiled(KernelVariant variant, in KernelPlan plan)
    {
        nint function = Function(variant);
        int sharedBytes = plan.SharedBytes(variant);
        Check(cuFuncSetAttribute(function, FunctionSharedBytes, sharedBytes), $"{sharedBytes} bytes of shared memory for {variant.Name}");
        Check(cuFuncGetAttribute(out int registers, FunctionRegisters, function), "registers");
        Check(cuFuncGetAttribute(out int local, FunctionLocalBytes, function), "local memory");
        Check(cuOccupancyMaxActiveBlocksPerMultiprocessor(out int blocks, function, variant.Threads, (nuint)sharedBytes), "occupancy");
        return (registers, local, blocks);
    }

    public void Dispose()
    {
        Enter();
        foreach (var module in _modules.Values.Where(m => m.IsValueCreated))
            _ = cuModuleUnload(module.Value);
        _ = cuStreamDestroy(_signals);
        _ = cuDevicePrimaryCtxRelease(_handle);
    }

    private void Enter() => Check(cuCtxSetCurrent(_context), $"context on {_device}");

    private nint Function(KernelVariant variant)
    {
        Enter();
        return _functions.GetOrAdd(variant.Name, _ => Find(variant));
    }

    /// <summary>Different widths compile side by side, for their first use takes seconds.</summary>
    private nint Find(KernelVariant variant)
    {
        nint module = _modules.GetOrAdd(variant.Width, width => new Lazy<nint>(() => Load(width))).Value;
        fixed (byte* name = Encoding.UTF8.GetBytes(variant.Name + '\0'))
        {
            Check(cuModuleGetFunction(out nint function, module, name), $"kernel {variant.Name}");
            return function;
        }
    }

    /// <summary>The driver's compiler turns PTX into this GPU's code; its log goes into the error.</summary>
    private static nint Load(int width)
    {
        const int LogBytes = 16384;
        byte[] log = new byte[LogBytes];
        fixed (byte* image = CudaDevices.Kernels(width), text = log)
        {
            int* names = stackalloc int[] { JitErrorLog, JitErrorLogBytes };
            void** values = stackalloc void*[] { text, (void*)(nuint)LogBytes };
            int error = cuModuleLoadDataEx(out nint module, image, 2, names, values);
            string said = Encoding.UTF8.GetString(log).TrimEnd('\0', '\n');
            Check(error, $"compiling the kernels of width {width}{(said.Length > 0 ? $": {said}" : string.Empty)}");
            return module;
        }
    }
}

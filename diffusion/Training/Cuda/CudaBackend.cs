using System.Collections.Concurrent;
using System.Text;
using static Sweep.Diffusion.Training.Cuda.CudaNative;

namespace Sweep.Diffusion.Training.Cuda;

/// <summary>
/// A GPU by the CUDA driver. Each calling thread trains on a stream of its own and does all else on another of the highest priority, so launches of several
/// threads run side by side and a sample's short launches don't queue behind training's long ones. A module's kernels are compiled by the driver at its first
/// use (it keeps them on disk). Freed small blocks of memory are kept for the next request of their size, because cuMemFree waits for every
/// kernel that runs. A thread that waits for the device sleeps: there are more of them than cores.
/// </summary>
internal sealed unsafe class CudaBackend : IPackedBackend
{
    private readonly CudaDevice _device;
    private readonly int _handle;
    private readonly nint _context;
    private readonly StreamRing _streams;
    private readonly nint _signals;
    private readonly ConcurrentDictionary<string, Lazy<nint>> _modules = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, nint> _functions = new(StringComparer.Ordinal);
    private readonly BlockCache _blocks;

    /// <exception cref="CudaException">The device can't be used.</exception>
    public CudaBackend(CudaDevice device)
    {
        _device = device;
        _handle = CudaDevices.Handle(device.Index);
        int flags = cuDevicePrimaryCtxSetFlags(_handle, ContextBlockingSync);

        // Another library of this process may have the context already; then its flags hold.
        if (flags != ContextIsActive)
            Check(flags, $"flags of the context on {device}");
        Check(cuDevicePrimaryCtxRetain(out _context, _handle), $"context on {device}");
        Enter();
        Check(cuCtxGetStreamPriorityRange(out _, out int greatest), "priorities of streams");
        nint Stream()
        {
            Check(cuStreamCreateWithPriority(out nint stream, StreamNonBlocking, greatest), "stream");
            return stream;
        }

        _streams = new StreamRing(Stream);
        _signals = Stream();
        _blocks = new BlockCache(Take, address => Check(cuMemFree(address), "freeing memory"));
    }

    public string Device => _device.ToString();

    public int SharedBytes => _device.SharedBytes;

    public long FreeBytes
    {
        get
        {
            Enter();
            Check(cuMemGetInfo(out nuint free, out _), "free memory");
            return (long)free + _blocks.Kept;
        }
    }

    /// <summary>How long the kernel of this thread's last launch ran on the device.</summary>
    [field: ThreadStatic]
    public static TimeSpan LastKernel { get; private set; }

    public nuint Allocate(long bytes)
    {
        Enter();
        return _blocks.Allocate(bytes);
    }

    public void Free(nuint address)
    {
        Enter();
        _blocks.Free(address);
    }

    public void Upload(nuint target, ReadOnlySpan<byte> source)
    {
        Enter();
        fixed (byte* from = source)
        {
            Check(cuMemcpyHtoDAsync(target, from, (nuint)source.Length, _streams.Current), $"copy of {source.Length} bytes to {_device}");
            Check(cuStreamSynchronize(_streams.Current), $"copy of {source.Length} bytes to {_device}");
        }
    }

    public void Download(nuint source, Span<byte> target)
    {
        Enter();
        fixed (byte* to = target)
        {
            Check(cuMemcpyDtoHAsync(to, source, (nuint)target.Length, _streams.Current), $"copy of {target.Length} bytes from {_device}");
            Check(cuStreamSynchronize(_streams.Current), $"copy of {target.Length} bytes from {_device}");
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
        int sharedBytes = plan.SharedBytes(variant);
        nint function = Function(variant.Module, variant.Name, sharedBytes > 0);
        KernelPlan copy = plan;
        void** parameters = stackalloc void*[] { &trials, &stop, &copy };
        Check(cuEventCreate(out nint start, 0), "event");

        // Waited for asleep: a launch takes long, and the cores have other trials to sample.
        Check(cuEventCreate(out nint end, EventBlockingSync), "event");
        try
        {
            Check(cuEventRecord(start, StreamPerThread), "event");
            Check(
                cuLaunchKernel(function, (uint)count, 1, 1, (uint)variant.Threads, 1, 1, (uint)sharedBytes, StreamPerThread, parameters, null),
                $"launch of {variant.Name} for {count} trials");
            Check(cuEventRecord(end, StreamPerThread), "event");
            Check(cuEventSynchronize(end), $"{variant.Name} for {count} trials");
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

    public void Launch(in KernelCall call, ReadOnlySpan<byte> argument)
    {
        nint function = Function(call.Module, call.Kernel, call.SharedBytes > 0);
        fixed (byte* struct1 = argument)
        {
            void** parameters = stackalloc void*[] { struct1 };
            Check(
                cuLaunchKernel(function, (uint)call.Blocks, 1, 1, (uint)call.Threads, 1, 1, (uint)call.SharedBytes, _streams.Current, parameters, null),
                $"launch of {call.Kernel} with {call.Blocks} blocks");
        }
    }

    public void Run(in KernelCall call, ReadOnlySpan<byte> argument, nuint target, ReadOnlySpan<byte> input, nuint source, Span<byte> output)
    {
        nint function = Function(call.Module, call.Kernel, call.SharedBytes > 0);
        fixed (byte* from = input, to = output, struct1 = argument)
        {
            void** parameters = stackalloc void*[] { struct1 };
            Check(cuMemcpyHtoDAsync(target, from, (nuint)input.Length, _streams.Current), $"copy of {input.Length} bytes to {_device}");
            Check(
                cuLaunchKernel(function, (uint)call.Blocks, 1, 1, (uint)call.Threads, 1, 1, (uint)call.SharedBytes, _streams.Current, parameters, null),
                $"launch of {call.Kernel} with {call.Blocks} blocks");
            Check(cuMemcpyDtoHAsync(to, source, (nuint)output.Length, _streams.Current), $"copy of {output.Length} bytes from {_device}");
            Check(cuStreamSynchronize(_streams.Current), $"{call.Kernel} with {call.Blocks} blocks");
        }
    }

    /// <summary>What the driver made of a kernel: registers and bytes of local memory per thread, and blocks per multiprocessor.</summary>
    public (int Registers, int LocalBytes, int Blocks) Compiled(KernelVariant variant, in KernelPlan plan)
    {
        int sharedBytes = plan.SharedBytes(variant);
        nint function = Function(variant.Module, variant.Name, sharedBytes > 0);
        Check(cuFuncGetAttribute(out int registers, FunctionRegisters, function), "registers");
        Check(cuFuncGetAttribute(out int local, FunctionLocalBytes, function), "local memory");
        Check(cuOccupancyMaxActiveBlocksPerMultiprocessor(out int blocks, function, variant.Threads, (nuint)sharedBytes), "occupancy");
        return (registers, local, blocks);
    }

    public void Dispose()
    {
        Enter();
        _blocks.Clear();
        foreach (var module in _modules.Values.Where(m => m.IsValueCreated))
            _ = cuModuleUnload(module.Value);
        foreach (nint stream in _streams.All.Append(_signals))
            _ = cuStreamDestroy(stream);
        _ = cuDevicePrimaryCtxRelease(_handle);
    }

    private void Enter() => Check(cuCtxSetCurrent(_context), $"context on {_device}");

    private nuint Take(long bytes)
    {
        Check(cuMemAlloc(out nuint address, (nuint)bytes), $"{bytes} bytes of memory on {_device}");
        return address;
    }

    /// <summary>A kernel, ready to be launched; enters the context.</summary>
    private nint Function(string module, string kernel, bool shares)
    {
        Enter();
        return _functions.GetOrAdd(kernel, _ => Prepared(Find(module, kernel), kernel, shares));
    }

    /// <summary>
    /// What a kernel may take is set once and to the device's limit, never to one launch's need: launches of other shapes share the kernel, and one would lower
    /// it under another. The same memory serves as cache; a kernel that shares any of it gets all, or fewer of its blocks fit than could.
    /// </summary>
    private nint Prepared(nint function, string kernel, bool shares)
    {
        Check(cuFuncGetAttribute(out int fixedBytes, FunctionStaticSharedBytes, function), $"shared memory of {kernel}");
        Check(cuFuncSetAttribute(function, FunctionSharedBytes, _device.SharedBytes - fixedBytes), $"shared memory for {kernel}");
        if (shares)
            Check(cuFuncSetAttribute(function, FunctionSharedCarveout, 100), $"share of the cache for {kernel}");
        return function;
    }

    /// <summary>Different modules compile side by side, for their first use takes seconds.</summary>
    private nint Module(string module) => _modules.GetOrAdd(module, m => new Lazy<nint>(() => Load(m))).Value;

    private nint Find(string module, string kernel)
    {
        nint loaded = Module(module);
        fixed (byte* name = Encoding.UTF8.GetBytes(kernel + '\0'))
        {
            Check(cuModuleGetFunction(out nint function, loaded, name), $"kernel {kernel}");
            return function;
        }
    }

    /// <summary>Loads a module's kernels ahead of their first launch.</summary>
    public void Compile(string module)
    {
        Enter();
        _ = Module(module);
    }

    /// <summary>
    /// A module compiled ahead for this GPU, where there is one; else the driver's compiler turns PTX into this GPU's code, and its log goes into the error.
    /// </summary>
    private static nint Load(string module)
    {
        if (CudaDevices.Compiled(module) is { } compiled)
        {
            fixed (byte* image = compiled)
            {
                // Made for another GPU, perhaps: PTX serves all.
                if (cuModuleLoadDataEx(out nint loaded, image, 0, null, null) == 0)
                    return loaded;
            }
        }

        const int LogBytes = 16384;
        byte[] log = new byte[LogBytes];
        fixed (byte* image = CudaDevices.Kernels(module), text = log)
        {
            int* names = stackalloc int[] { JitErrorLog, JitErrorLogBytes };
            void** values = stackalloc void*[] { text, (void*)(nuint)LogBytes };
            int error = cuModuleLoadDataEx(out nint loaded, image, 2, names, values);
            string said = Encoding.UTF8.GetString(log).TrimEnd('\0', '\n');
            Check(error, $"compiling the kernels of {module}{(said.Length > 0 ? $": {said}" : string.Empty)}");
            return loaded;
        }
    }
}

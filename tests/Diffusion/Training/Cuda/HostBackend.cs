using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Sweep.Diffusion.Training.Cuda;
using Xunit;

namespace Sweep.Tests.Diffusion.Training.Cuda;

/// <summary>
/// The kernels as this machine's processor runs them, built beside the tests. Counts memory, so that running out of it can be tried. New memory holds
/// not-a-number.
/// </summary>
internal sealed unsafe class HostBackend(HostOrder order = HostOrder.Ascending, long memoryBytes = long.MaxValue, int sharedBytes = HostBackend.H200SharedBytes)
    : IPackedBackend
{
    /// <summary>227 KiB.</summary>
    public const int H200SharedBytes = 232_448;

    private const string NoKernels = "no clang when the tests were built: apt-get install clang, and build again";

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "kernels");
    private readonly Lock _lock = new();
    private long _downloaded;
    private readonly Dictionary<nuint, long> _sizes = [];

    public string Device => "host";

    public int SharedBytes => sharedBytes;

    public long FreeBytes => memoryBytes - _sizes.Values.Sum();

    /// <summary>Launches so far.</summary>
    public int Launches { get; private set; }

    /// <summary>Launches of other kernels than training's, by name.</summary>
    public ConcurrentDictionary<string, int> Kernels { get; } = new(StringComparer.Ordinal);

    /// <summary>Bytes that came back.</summary>
    public long Downloaded => Interlocked.Read(ref _downloaded);

    /// <summary>The greatest number of trials in a launch.</summary>
    public int MaxTrials { get; private set; }

    /// <summary>Called before memory is given back.</summary>
    public Action? BeforeFree { get; set; }

    /// <summary>May throw.</summary>
    public Action? BeforeAllocate { get; set; }

    /// <summary>Called before each launch.</summary>
    public Action? BeforeLaunch { get; init; }

    /// <summary>The most bytes that were in use at a time.</summary>
    public long Peak { get; private set; }

    /// <summary>Bytes in use.</summary>
    public long Allocated => _sizes.Values.Sum();

    /// <summary>The program that looks for races, for a width's kernels or those that measure; null where the compiler had no thread sanitizer.</summary>
    public static string? RaceCheck(string what) => File.Exists(Path.Combine(Folder, $"race-check-{what}")) ? Path.Combine(Folder, $"race-check-{what}") : null;

    /// <summary>Skips the test where there are no kernels.</summary>
    public static void Require() => Assert.SkipUnless(File.Exists(Path.Combine(Folder, "stamp")), NoKernels);

    public nuint Allocate(long bytes)
    {
        BeforeAllocate?.Invoke();
        lock (_lock)
        {
            if (bytes > FreeBytes)
                throw new DeviceMemoryException($"host: {bytes} bytes; {FreeBytes} free");
            void* memory = NativeMemory.AlignedAlloc((nuint)bytes, 256);
            NativeMemory.Fill(memory, (nuint)bytes, 0xFF);
            _sizes[(nuint)memory] = bytes;
            Peak = Math.Max(Peak, Allocated);
            return (nuint)memory;
        }
    }

    public void Free(nuint address)
    {
        BeforeFree?.Invoke();
        lock (_lock)
        {
            Assert.True(_sizes.Remove(address), "freed what was not allocated");
            NativeMemory.AlignedFree((void*)address);
        }
    }

    public void Upload(nuint target, ReadOnlySpan<byte> source)
    {
        RequireAllocated(target, source.Length);
        source.CopyTo(new Span<byte>((void*)target, source.Length));
    }

    public void Download(nuint source, Span<byte> target)
    {
        Interlocked.Add(ref _downloaded, target.Length);
        RequireAllocated(source, target.Length);
        new ReadOnlySpan<byte>((void*)source, target.Length).CopyTo(target);
    }

    private void RequireAllocated(nuint address, int bytes)
    {
        lock (_lock)
            Assert.True(_sizes.Any(s => s.Key <= address && address + (nuint)bytes <= s.Key + (nuint)s.Value),
                $"{bytes} bytes at {address:x} are not in one allocation");
    }

    public void Signal(nuint target, int value) => Volatile.Write(ref *(int*)target, value);

    public void Train(KernelVariant variant, nuint trials, int count, nuint stop, in KernelPlan plan)
    {
        BeforeLaunch?.Invoke();
        Launches++;
        MaxTrials = Math.Max(MaxTrials, count);
        nint library = NativeLibrary.Load(Path.Combine(Folder, $"libkernels-{variant.Width}.so"));
        var launch = (delegate* unmanaged<int, void*, int, void*, KernelPlan*, int, int, int>)NativeLibrary.GetExport(library, $"hostLaunch{variant.Width}");
        KernelPlan copy = plan;

        // Exactly what the plan asks for, so that a write beyond it meets the allocator's guard or the sanitizer.
        int bytes = plan.SharedBytes(variant);
        Assert.True(bytes <= SharedBytes, $"{variant.Name} wants {bytes} bytes of shared memory");
        Assert.Equal(1, launch(variant.Number, (void*)trials, count, (void*)stop, &copy, bytes, (int)order));
    }

    public void Run(in KernelCall call, ReadOnlySpan<byte> argument, nuint target, ReadOnlySpan<byte> input, nuint source, Span<byte> output)
    {
        Upload(target, input);
        Launch(call, argument);
        Download(source, output);
    }

    public void Launch(in KernelCall call, ReadOnlySpan<byte> argument)
    {
        string library = call.Module.Replace("train-", "kernels-", StringComparison.Ordinal);
        string export = call.Kernel switch
        {
            "log_density" => "hostLogDensity",
            "pair_distances" => "hostPairDistances",
            "unmap_states" => "hostUnmap",
            var named => named.Replace("forward_", "hostForward", StringComparison.Ordinal).Replace("sample_", "hostSample", StringComparison.Ordinal),
        };
        var run = (delegate* unmanaged<void*, int, int, int, int>)NativeLibrary.GetExport(NativeLibrary.Load(Path.Combine(Folder, $"lib{library}.so")), export);
        Assert.True(call.SharedBytes <= SharedBytes, $"{call.Kernel} wants {call.SharedBytes} bytes of shared memory");
        if (call.Module != "measure")
            Assert.Equal(run(null, 0, 0, 0), call.Threads);
        fixed (byte* arguments = argument)
            Assert.Equal(1, run(arguments, call.Blocks, call.SharedBytes, (int)order));
        Kernels.AddOrUpdate(call.Kernel, 1, (_, n) => n + 1);
    }

    public void Dispose()
    {
        foreach (nuint address in _sizes.Keys.ToArray())
            Free(address);
    }
}

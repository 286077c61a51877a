using System.Runtime.InteropServices;

namespace Sweep.Diffusion.Training.Cuda;

/// <summary>What is used of the CUDA driver's interface: its library alone, no toolkit. Each returns 0 or an error number.</summary>
internal static unsafe partial class CudaNative
{
    public const string Library = "libcuda.so.1";
    public const int OutOfMemory = 2;
    public const int ContextIsActive = 708;
    public const int AttributeClockKilohertz = 13;
    public const int AttributeMultiprocessors = 16;
    public const int AttributeMemoryClockKilohertz = 36;
    public const int AttributeMemoryBits = 37;
    public const int AttributeMajor = 75;
    public const int AttributeMinor = 76;
    public const int AttributeSharedBytes = 97;
    public const int FunctionStaticSharedBytes = 1;
    public const int FunctionLocalBytes = 3;
    public const int FunctionRegisters = 4;
    public const int FunctionSharedBytes = 8;
    public const int FunctionSharedCarveout = 9;
    public const int ContextBlockingSync = 4;
    public const int StreamNonBlocking = 1;
    public const int EventBlockingSync = 1;
    public const int JitErrorLog = 5;
    public const int JitErrorLogBytes = 6;

    /// <summary>Each thread's own stream.</summary>
    public const nint StreamPerThread = 2;

    /// <summary>What native code sees; .NET's own setting of variables isn't.</summary>
    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int setenv(string name, string value, int overwrite);

    [LibraryImport(Library)]
    public static partial int cuInit(uint flags);

    [LibraryImport(Library)]
    public static partial int cuDriverGetVersion(out int version);

    [LibraryImport(Library)]
    public static partial int cuGetErrorName(int error, out byte* name);

    [LibraryImport(Library)]
    public static partial int cuGetErrorString(int error, out byte* text);

    [LibraryImport(Library)]
    public static partial int cuDeviceGetCount(out int count);

    [LibraryImport(Library)]
    public static partial int cuDeviceGet(out int device, int ordinal);

    [LibraryImport(Library)]
    public static partial int cuDeviceGetName(byte* name, int length, int device);

    [LibraryImport(Library)]
    public static partial int cuDeviceGetAttribute(out int value, int attribute, int device);

    [LibraryImport(Library, EntryPoint = "cuDeviceTotalMem_v2")]
    public static partial int cuDeviceTotalMem(out nuint bytes, int device);

    [LibraryImport(Library)]
    public static partial int cuDevicePrimaryCtxRetain(out nint context, int device);

    [LibraryImport(Library, EntryPoint = "cuDevicePrimaryCtxRelease_v2")]
    public static partial int cuDevicePrimaryCtxRelease(int device);

    [LibraryImport(Library, EntryPoint = "cuDevicePrimaryCtxSetFlags_v2")]
    public static partial int cuDevicePrimaryCtxSetFlags(int device, uint flags);

    [LibraryImport(Library)]
    public static partial int cuCtxSetCurrent(nint context);

    [LibraryImport(Library)]
    public static partial int cuCtxGetStreamPriorityRange(out int least, out int greatest);

    [LibraryImport(Library, EntryPoint = "cuMemGetInfo_v2")]
    public static partial int cuMemGetInfo(out nuint free, out nuint total);

    [LibraryImport(Library, EntryPoint = "cuMemAlloc_v2")]
    public static partial int cuMemAlloc(out nuint address, nuint bytes);

    [LibraryImport(Library, EntryPoint = "cuMemFree_v2")]
    public static partial int cuMemFree(nuint address);

    [LibraryImport(Library, EntryPoint = "cuMemcpyHtoDAsync_v2")]
    public static partial int cuMemcpyHtoDAsync(nuint target, void* source, nuint bytes, nint stream);

    [LibraryImport(Library, EntryPoint = "cuMemcpyDtoHAsync_v2")]
    public static partial int cuMemcpyDtoHAsync(void* target, nuint source, nuint bytes, nint stream);

    [LibraryImport(Library)]
    public static partial int cuStreamCreateWithPriority(out nint stream, uint flags, int priority);

    [LibraryImport(Library, EntryPoint = "cuStreamDestroy_v2")]
    public static partial int cuStreamDestroy(nint stream);

    [LibraryImport(Library)]
    public static partial int cuStreamSynchronize(nint stream);

    [LibraryImport(Library)]
    public static partial int cuModuleLoadDataEx(out nint module, void* image, uint options, int* names, void** values);

    [LibraryImport(Library)]
    public static partial int cuModuleUnload(nint module);

    [LibraryImport(Library)]
    public static partial int cuModuleGetFunction(out nint function, nint module, byte* name);

    [LibraryImport(Library)]
    public static partial int cuFuncSetAttribute(nint function, int attribute, int value);

    [LibraryImport(Library)]
    public static partial int cuFuncGetAttribute(out int value, int attribute, nint function);

    [LibraryImport(Library)]
    public static partial int cuOccupancyMaxActiveBlocksPerMultiprocessor(out int blocks, nint function, int threads, nuint sharedBytes);

    [LibraryImport(Library)]
    public static partial int cuLaunchKernel(
        nint function, uint gridX, uint gridY, uint gridZ, uint blockX, uint blockY, uint blockZ, uint sharedBytes, nint stream, void** parameters,
            void** extra);

    [LibraryImport(Library)]
    public static partial int cuEventCreate(out nint created, uint flags);

    [LibraryImport(Library)]
    public static partial int cuEventRecord(nint recorded, nint stream);

    [LibraryImport(Library)]
    public static partial int cuEventSynchronize(nint awaited);

    [LibraryImport(Library)]
    public static partial int cuEventElapsedTime(out float milliseconds, nint start, nint end);

    [LibraryImport(Library, EntryPoint = "cuEventDestroy_v2")]
    public static partial int cuEventDestroy(nint destroyed);

    /// <summary>Throws what an error number means.</summary>
    /// <param name="error">0 when all is well.</param>
    /// <param name="asked">What was asked of the driver.</param>
    /// <exception cref="DeviceMemoryException">The device's memory didn't suffice.</exception>
    /// <exception cref="CudaException">Anything else.</exception>
    public static void Check(int error, string asked)
    {
        if (error == 0)
            return;
        string message = $"CUDA, {asked}: {Describe(error)}";
        throw error == OutOfMemory ? new DeviceMemoryException(message) : new CudaException(message);
    }

    /// <summary>CUDA's name and text of an error.</summary>
    public static string Describe(int error)
    {
        string name = cuGetErrorName(error, out byte* n) == 0 ? Marshal.PtrToStringUTF8((nint)n)! : $"error {error}";
        string text = cuGetErrorString(error, out byte* t) == 0 ? Marshal.PtrToStringUTF8((nint)t)! : "unknown to this driver";
        return $"{name} ({text})";
    }
}

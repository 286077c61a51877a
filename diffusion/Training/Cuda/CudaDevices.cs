using System.IO.Compression;
using System.Reflection;
using System.Runtime.InteropServices;
using static Sweep.Diffusion.Training.Cuda.CudaNative;

namespace Sweep.Diffusion.Training.Cuda;

/// <summary>Which GPUs are there, and why none can be used where none can. Thread-safe.</summary>
public static class CudaDevices
{
    /// <summary>The environment variable for a folder of kernels that were compiled ahead.</summary>
    public const string CompiledFolder = "SWEEP_CUBINS";

    /// <summary>The oldest GPUs that the kernels run on: Ampere.</summary>
    private static readonly Version LeastCapability = new(8, 0);

    /// <summary>Whether this build has the kernels; it hasn't where there was no clang.</summary>
    public static bool BuildHasKernels => Assembly.GetExecutingAssembly().GetManifestResourceInfo(Resource("measure")) is not null;

    /// <summary>The usable GPUs, by index.</summary>
    /// <param name="why">Why there is none, in words; null where there are some.</param>
    public static IReadOnlyList<CudaDevice> Find(out string? why)
    {
        if (!BuildHasKernels)
        {
            why = "this build has no GPU trainer: there was no clang when it was built (apt-get install clang, and build again)";
            return [];
        }

        if (!NativeLibrary.TryLoad(Library, out _))
        {
            why = $"no CUDA driver ({Library})";
            return [];
        }

        // Read when the driver starts; with its own 8, launches of unlike shapes would wait for each other.
        _ = setenv("CUDA_DEVICE_MAX_CONNECTIONS", "32", overwrite: 0);
        int error = cuInit(0);
        if (error != 0)
        {
            why = $"the CUDA driver doesn't start: {CudaNative.Describe(error)}";
            return [];
        }

        List<CudaDevice> devices = [];
        Check(cuDeviceGetCount(out int count), "number of devices");
        for (int index = 0; index < count; index++)
            devices.Add(Ask(index, Handle(index)));
        CudaDevice[] usable = [.. devices.Where(d => d.Capability >= LeastCapability)];
        why = usable.Length > 0 ? null
            : devices.Count == 0 ? "the CUDA driver sees no GPU"
            : $"{string.Join(", ", devices)}: compute capability {string.Join(", ", devices.Select(d => d.Capability))}; allowed: {LeastCapability} or more";
        return usable;
    }

    /// <summary>The newest CUDA that the driver speaks.</summary>
    public static Version DriverVersion()
    {
        Check(cuDriverGetVersion(out int version), "the driver's version");
        return new Version(version / 1000, version % 1000 / 10);
    }

    internal static int Handle(int index)
    {
        Check(cuDeviceGet(out int device, index), $"device {index}");
        return device;
    }

    /// <summary>A module of kernels as the driver takes it: PTX text with a zero at the end.</summary>
    internal static byte[] Kernels(string module)
    {
        using var resource = Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource(module))
            ?? throw new CudaException("this build has no GPU kernels");
        using var unzipped = new GZipStream(resource, CompressionMode.Decompress);
        using var text = new MemoryStream();
        unzipped.CopyTo(text);
        text.WriteByte(0);
        return text.ToArray();
    }

    /// <summary>The modules of kernels in this build.</summary>
    internal static IReadOnlyList<string> Modules { get; } =
        [.. Assembly.GetExecutingAssembly().GetManifestResourceNames().Where(n => n.StartsWith("cuda/", StringComparison.Ordinal))
            .Select(n => n["cuda/".Length..^".ptx.gz".Length]).Order(StringComparer.Ordinal)];

    /// <summary>
    /// A module that ptxas has compiled for one kind of GPU: <c>MODULE.cubin</c> in the folder that <see cref="CompiledFolder"/> names. Null where there
    /// is none.
    /// </summary>
    internal static byte[]? Compiled(string module) =>
        Environment.GetEnvironmentVariable(CompiledFolder) is { Length: > 0 } folder && Path.Combine(folder, module + ".cubin") is var file && File.Exists(file)
            ? File.ReadAllBytes(file)
            : null;

    private static string Resource(string module) => $"cuda/{module}.ptx.gz";

    private static unsafe CudaDevice Ask(int index, int device)
    {
        byte* name = stackalloc byte[256];
        Check(cuDeviceGetName(name, 256, device), $"name of device {index}");
        Check(cuDeviceTotalMem(out nuint memory, device), $"memory of device {index}");
        return new CudaDevice(
            index,
            Marshal.PtrToStringUTF8((nint)name)!,
            new Version(Attribute(AttributeMajor, device), Attribute(AttributeMinor, device)),
            (long)memory,
            Attribute(AttributeMultiprocessors, device),
            Attribute(AttributeSharedBytes, device),
            1e3 * Attribute(AttributeClockKilohertz, device),

            // Two transfers per clock.
            2 * 1e3 * Attribute(AttributeMemoryClockKilohertz, device) * Attribute(AttributeMemoryBits, device) / 8);
    }

    private static int Attribute(int attribute, int device)
    {
        Check(cuDeviceGetAttribute(out int value, attribute, device), $"attribute {attribute}");
        return value;
    }
}

using System.Runtime.InteropServices;

namespace Sweep.Diffusion.Training.Torch;

/// <summary>
/// The native libraries that TorchSharp was given, as this process has them mapped: its packages' own word on the version is what they were made for, not what
/// was found.
/// </summary>
/// <param name="Torch">The file of libtorch_cpu; null where the system doesn't say.</param>
/// <param name="Blas">The file that multiplies matrices; null when that is inside libtorch.</param>
internal sealed record TorchLibrary(string? Torch, string? Blas)
{
    /// <summary>Libraries that bring a BLAS, by how their file names begin; the first that is mapped does the work.</summary>
    private static readonly string[] BlasNames = ["libmkl_rt", "libmkl_core", "libopenblas", "libblis", "libblas"];

    private static readonly Lazy<TorchLibrary> Read = new(() => Of(Mapped()));

    /// <summary>Once libtorch is loaded.</summary>
    public static TorchLibrary Found => Read.Value;

    /// <summary>Netlib's: plain loops, no blocking and no vectors.</summary>
    public bool IsReferenceBlas =>
        Blas is { } path && Path.GetFileName(path).StartsWith("libblas", StringComparison.Ordinal) && Path.GetFileName(Path.GetDirectoryName(path)) is "blas";

    public string Version => $"libtorch{(Torch is null ? "" : VersionOf(Torch))}";

    public string Shown => Torch is null ? Version : $"{Version} in {Path.GetDirectoryName(Torch)}, {(Blas is null ? "its own BLAS" : $"BLAS {Blas}")}";

    /// <summary>Of the files mapped into a process.</summary>
    public static TorchLibrary Of(IEnumerable<string> mapped)
    {
        string[] files = [.. mapped];
        string? First(string name) => Array.Find(files, f => Path.GetFileName(f).StartsWith(name, StringComparison.Ordinal));
        return new TorchLibrary(First("libtorch_cpu."), BlasNames.Select(First).FirstOrDefault(f => f is not null));
    }

    /// <summary>OpenBLAS with threads of its own ignores what libtorch says about threads.</summary>
    public void OneThread()
    {
        if (Blas is { } path && NativeLibrary.TryLoad(path, out nint library) && NativeLibrary.TryGetExport(library, "openblas_set_num_threads", out nint set))
        {
            unsafe
            {
                ((delegate* unmanaged[Cdecl]<int, void>)set)(1);
            }
        }
    }

    /// <summary>" 1.13.0" of libtorch_cpu.so.1.13.0, or of a package's folder libtorch-cpu-linux-x64/2.10.0/; empty when the path doesn't say.</summary>
    private static string VersionOf(string path)
    {
        string name = Path.GetFileName(path);
        int digits = name.IndexOf(".so.", StringComparison.Ordinal);
        if (digits >= 0)
            return $" {name[(digits + 4)..]}";
        string[] folders = path.Split(Path.DirectorySeparatorChar);
        int package = Array.FindIndex(folders, f => f.StartsWith("libtorch-", StringComparison.OrdinalIgnoreCase));
        return package >= 0 && package + 1 < folders.Length ? $" {folders[package + 1]}" : "";
    }

    private static IEnumerable<string> Mapped()
    {
        const string Maps = "/proc/self/maps";
        if (!File.Exists(Maps))
            return [];
        return File.ReadLines(Maps).Select(line => line.IndexOf('/', StringComparison.Ordinal) is >= 0 and var at ? line[at..] : "")
            .Where(path => path.Contains(".so", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal);
    }
}

using System.Runtime.InteropServices;
using TorchSharp;

namespace Sweep.Diffusion.Training.Torch;

/// <summary>
/// Finds libtorch and loads it by full path before anything touches <see cref="torch"/>, whose own fallback would copy all of it beside the program.
/// Looked for in this order: the folder in <c>SWEEP_LIBTORCH</c>; the NuGet cache, where <c>sweep setup --torch</c> leaves it (CUDA's before the
/// processor's); the system's loader (<c>LD_LIBRARY_PATH</c>).
/// </summary>
internal static class TorchNative
{
    /// <summary>The libtorch that the referenced TorchSharp was built against.</summary>
    public const string LibtorchVersion = "2.10.0";

    public const string FolderVariable = "SWEEP_LIBTORCH";

    /// <summary>In the order in which they depend on each other; the CUDA ones are absent from a libtorch for the processor.</summary>
    private static readonly string[] Required = ["c10", "torch_cpu"];
    private static readonly string[] Optional = ["c10_cuda", "torch_cuda"];

    /// <summary>Loads libtorch and TorchSharp's native half.</summary>
    /// <returns>Null when both are there; else the reason, in the loader's own words where it gave one.</returns>
    public static string? Load()
    {
        string? folder = Folders().FirstOrDefault(f => File.Exists(Path.Combine(f, FileOf("torch_cpu"))));
        try
        {
            if (folder is not null)
                LoadFrom(folder);
            else if (!NativeLibrary.TryLoad("torch_cpu", typeof(torch).Assembly, null, out _))
                return $"there is no libtorch {LibtorchVersion} here; get it with: sweep setup --torch cpu, or name its folder in {FolderVariable}";
            NativeLibrary.Load("LibTorchSharp", typeof(torch).Assembly, null);
            return null;
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            return $"libtorch{(folder is null ? "" : $" in {folder}")} can't be loaded: {Reason(e.Message)}";
        }
    }

    /// <summary>What the system's loader said, out of the runtime's list of all that it tried.</summary>
    internal static string Reason(string message)
    {
        string[] lines = [.. message.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0)];
        string said = lines.FirstOrDefault(l => l.Contains("GLIBC", StringComparison.Ordinal))
            ?? lines.FirstOrDefault(l => l.Contains(": ", StringComparison.Ordinal) && !l.Contains("No such file", StringComparison.Ordinal)
                && !l.StartsWith("Unable to load", StringComparison.Ordinal))
            ?? lines.FirstOrDefault()
            ?? "no reason given";
        return said.Contains("GLIBCXX_", StringComparison.Ordinal)
            ? $"{said}; it needs a newer C++ standard library (GCC 13's, as in Debian 13 or Ubuntu 24.04)"
            : said;
    }

    private static void LoadFrom(string folder)
    {
        foreach (string name in Required)
            NativeLibrary.Load(Path.Combine(folder, FileOf(name)));
        foreach (string path in Optional.Select(name => Path.Combine(folder, FileOf(name))).Where(File.Exists))
            NativeLibrary.Load(path);
        NativeLibrary.Load(Path.Combine(folder, FileOf("torch")));
    }

    private static IEnumerable<string> Folders()
    {
        if (Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } told)
            return [told];
        string system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";
        string rid = $"{system}-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
        string cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } named
            ? named
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        return new[] { $"libtorch-cuda-12.8-{rid}", $"libtorch-cpu-{rid}" }
            .Select(package => Path.Combine(cache, package, LibtorchVersion, "runtimes", rid, "native"));
    }

    private static string FileOf(string name) =>
        OperatingSystem.IsWindows() ? $"{name}.dll" : OperatingSystem.IsMacOS() ? $"lib{name}.dylib" : $"lib{name}.so";
}

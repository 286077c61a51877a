using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Sweep.Grains.Comparison.Report;

namespace Sweep.Client.Terminal;

/// <summary>This machine, for the report and for <c>sweep doctor</c>.</summary>
internal static class MachineDescription
{
    public static string Version { get; } =
        typeof(MachineDescription).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    public static string Processor { get; } = ReadProcessor();

    public static int VectorBits { get; } =
        Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 64;

    public static ReportEnvironment Environment() => new()
    {
        SweepVersion = Version,
        Dotnet = RuntimeInformation.FrameworkDescription,
        Os = $"{RuntimeInformation.OSDescription} ({RuntimeInformation.OSArchitecture})",
        Cpu = Processor,
        Cores = System.Environment.ProcessorCount,
        VectorWidth = VectorBits,
    };

    private static string ReadProcessor()
    {
        try
        {
            string? line = File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal));
            return line is null ? RuntimeInformation.ProcessArchitecture.ToString() : line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
        }
        catch (IOException)
        {
            return RuntimeInformation.ProcessArchitecture.ToString();
        }
    }
}

using System.Reflection;

namespace Sweep.Diffusion.Training;

/// <summary>The one place that knows whether TorchSharp is in this build (Directory.Build.props says when).</summary>
public static class TorchGate
{
    /// <summary>The version that the build has or wants.</summary>
    public static string Version { get; } = Metadata("TorchSharpVersion");

    /// <summary>Null when its packages were not there to build with.</summary>
#if USE_TORCHSHARP
    public static ITorchEngine? Engine { get; } = new Torch.TorchEngine();
#else
    public static ITorchEngine? Engine => null;
#endif

    /// <summary>Why nothing can be trained through TorchSharp here and what helps; null when something can.</summary>
    public static string? Missing => Engine is null
        ? $"TorchSharp is not in this build: its packages (TorchSharp-cpu or TorchSharp-cuda-linux {Version}) were not in the NuGet cache; "
            + "get them with: ./sweep setup (from a NuGet source that serves them), which builds it in (docs/torchsharp.md)"
        : Engine.Problem;

    /// <summary>One line for <c>sweep setup</c>, which loads nothing.</summary>
    public static string Found { get; } = Engine is null
        ? $"not in this build: the NuGet source gave no TorchSharp-cpu or TorchSharp-cuda-linux {Version} (docs/torchsharp.md)"
        : $"in this build ({Metadata("TorchSharpPackage")} {Version})";

    private static string Metadata(string key) => typeof(TorchGate).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == key).Value ?? "";
}

namespace Sweep.Diffusion.Training;

/// <summary>TorchSharp is always compiled in; the native libtorch is looked for when the first network asks (Training/TorchSharp/TorchNative.cs).</summary>
public static class TorchRuntime
{
    /// <summary>The managed binding's version.</summary>
    public static string Version { get; } = typeof(global::TorchSharp.torch).Assembly.GetName().Version?.ToString(3) ?? "";

    /// <summary>The native library's version that <see cref="Version"/> was built against.</summary>
    public static string LibtorchVersion => Torch.TorchNative.LibtorchVersion;

    public static ITorchEngine Engine { get; } = new Torch.TorchEngine();

    /// <summary>Why nothing can be trained through TorchSharp here and what helps; null when something can. The first call loads libtorch.</summary>
    public static string? Missing => Engine.Problem;
}

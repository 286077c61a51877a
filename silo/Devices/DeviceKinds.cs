using Sweep.Diffusion.Training.Cuda;

namespace Sweep.Silo.Devices;

/// <summary>The kinds of devices that this build has, and what <c>--device</c> says of them.</summary>
public static class DeviceKinds
{
    /// <summary>Those beside the processor, in the order in which <c>auto</c> asks them.</summary>
    public static IReadOnlyList<IDeviceKind> All { get; } = [new CudaKind(), new CudaKind(TrainingPrecision.Tf32), new TorchKind()];

    /// <summary>What <c>--device</c> takes, for help.</summary>
    public static string Help => string.Join(", ", All.Select(k => k.Help).Prepend("auto (a healthy GPU if there is one, else the processor), cpu"));

    /// <summary>
    /// Opens what a <c>--device</c> names: <c>cpu</c>; a kind, all that there are of it; a device; several of these with commas between; or <c>auto</c>, the
    /// first kind that has working ones, or the processor.
    /// </summary>
    /// <param name="names">As given.</param>
    /// <param name="time">The clock.</param>
    /// <param name="problem">What is wrong, in words, in the form <c>name; allowed: …</c>; with <c>auto</c>, why a device that is there is not used; else
    /// null.</param>
    /// <param name="cancellation">Ends the devices' checks.</param>
    /// <returns>The caller's to dispose of, at least one; null where a device can't be had.</returns>
    public static IReadOnlyList<SiloDevice>? Open(string names, TimeProvider time, out string? problem, CancellationToken cancellation) =>
        Open(All, names, time, out problem, cancellation);

    internal static IReadOnlyList<SiloDevice>? Open(IReadOnlyList<IDeviceKind> kinds, string names, TimeProvider time, out string? problem,
        CancellationToken cancellation)
    {
        problem = null;
        if (names == "auto")
            return Automatic(kinds, time, ref problem, cancellation);
        List<string> wanted = [];
        foreach (string name in names.Split(',', StringSplitOptions.TrimEntries))
        {
            if (Named(kinds, name, out problem) is not { } found)
                return null;
            wanted.AddRange(found.Where(d => !wanted.Contains(d, StringComparer.Ordinal)));
        }

        return OpenAll(kinds, wanted, time, out problem, cancellation);
    }

    private static List<SiloDevice> Automatic(IReadOnlyList<IDeviceKind> kinds, TimeProvider time, ref string? problem, CancellationToken cancellation)
    {
        foreach (IDeviceKind kind in kinds.Where(k => k.IsAutomatic))
        {
            if (kind.Find(out _) is { Count: > 0 } found && OpenAll(kinds, found, time, out problem, cancellation) is { } open)
                return open;
        }

        return [SiloDevice.Cpu];
    }

    /// <summary>The devices that one name stands for.</summary>
    private static IReadOnlyList<string>? Named(IReadOnlyList<IDeviceKind> kinds, string name, out string? problem)
    {
        problem = null;
        if (name == "cpu")
            return [name];
        if (Of(kinds, name) is not { } kind)
        {
            problem = $"{name}; allowed: auto, cpu{string.Concat(kinds.Select(k => $", {k.Help}"))}";
            return null;
        }

        IReadOnlyList<string> found = kind.Find(out string? why);
        if (name == kind.Name && found.Count > 0)
            return found;
        if (found.Contains(name, StringComparer.Ordinal))
            return [name];
        problem = $"{name}; allowed here: {string.Join(", ", found.Prepend("auto, cpu"))}{(why is null ? string.Empty : $" ({why})")}";
        return null;
    }

    private static IDeviceKind? Of(IReadOnlyList<IDeviceKind> kinds, string name) =>
        kinds.FirstOrDefault(k => name == k.Name || name.StartsWith($"{k.Name}:", StringComparison.Ordinal));

    /// <summary>All or none.</summary>
    private static List<SiloDevice>? OpenAll(IReadOnlyList<IDeviceKind> kinds, IReadOnlyList<string> wanted, TimeProvider time, out string? problem,
        CancellationToken cancellation)
    {
        problem = null;
        List<SiloDevice> open = [];
        foreach (string name in wanted)
        {
            SiloDevice? device = name == "cpu" ? SiloDevice.Cpu : Of(kinds, name)!.Open(name, time, out problem, cancellation);
            if (device is not null)
            {
                open.Add(device);
                continue;
            }

            foreach (SiloDevice other in open)
                other.Dispose();
            return null;
        }

        return open;
    }
}
